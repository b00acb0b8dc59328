"""Addresses of the strategy, its goals, and of those who are asked about it."""

from django.urls import path

from programme.views import cards, endorsements, goals, strategies

urlpatterns = [
    path("p/strategy/<str:token>/", endorsements.endorse, name="endorse"),
    path("strategy/", strategies.strategy_list, name="strategies"),
    path("strategy/new/", strategies.create, name="new_strategy"),
    path("strategy/<slug:slug>/", strategies.strategy_page, name="strategy"),
    path("strategy/<slug:slug>/edit/", strategies.edit, name="edit_strategy"),
    path("strategy/<slug:slug>/consult/", strategies.consult, name="consult"),
    path("strategy/<slug:slug>/anchor/", strategies.anchor, name="anchor"),
    path("strategy/<slug:slug>/end/", strategies.end, name="end_strategy"),
    path("strategy/<slug:slug>/card/", cards.card, name="strategy_card"),
    path("strategy/<slug:slug>/card.pdf", cards.card_pdf, name="strategy_card_pdf"),
    path("strategy/<slug:slug>/versions/", strategies.versions, name="versions"),
    path("strategy/<slug:slug>/versions/<int:number>/", strategies.version, name="version"),
    path("strategy/<slug:slug>/stakeholders/", endorsements.stakeholders, name="stakeholders"),
    path("strategy/<slug:slug>/stakeholders.csv", endorsements.stakeholders_csv, name="stakeholders_csv"),
    path("strategy/<slug:slug>/stakeholders/<int:pk>/take-off/", endorsements.take_off, name="take_off"),
    path("strategy/<slug:slug>/stakeholders/<int:pk>/send-again/", endorsements.send_again, name="send_strategy_again"),
    path("strategy/<slug:slug>/goals/new/", goals.create, name="new_goal"),
    path("goals/<int:pk>/", goals.goal_page, name="goal"),
    path("goals/<int:pk>/edit/", goals.edit, name="edit_goal"),
    path("goals/<int:pk>/delete/", goals.delete, name="delete_goal"),
    path("goals/<int:pk>/give-up/", goals.give_up, name="give_up_goal"),
    path("goals/<int:pk>/take-up/", goals.take_up, name="take_up_goal"),
    path("goals/<int:pk>/indicators/new/", goals.create_kpi, name="new_kpi"),
    path("indicators/<int:pk>/edit/", goals.edit_kpi, name="edit_kpi"),
    path("indicators/<int:pk>/delete/", goals.delete_kpi, name="delete_kpi"),
    path("indicators/<int:pk>/read/", goals.read_kpi, name="read_kpi"),
]
