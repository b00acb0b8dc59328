"""Addresses of ranking, decisions, letters, appeals, the reserve list and the record."""

from django.urls import path

from funding.views import appeals, decisions, letters, trails

urlpatterns = [
    path("applications/<str:reference>/decision/", appeals.decision, name="decision"),
    path("applications/<str:reference>/appeal/", appeals.appeal, name="appeal"),
    path("letters/<int:pk>.pdf", letters.letter_pdf, name="letter_pdf"),
    path("<slug:slug>/ranking/", decisions.ranking, name="ranking"),
    path("<slug:slug>/ranking/<int:number>/", decisions.ranked, name="ranked"),
    path("<slug:slug>/ranking/<int:number>/decide/", decisions.decide, name="decide"),
    path("<slug:slug>/make-known/", decisions.make_known, name="make_known"),
    path("<slug:slug>/letters/", letters.letter_list, name="letters"),
    path("<slug:slug>/letters/<slug:kind>/", letters.letter_template, name="letter_template"),
    path("<slug:slug>/letters/<slug:kind>/ready-made/", letters.forget_template, name="forget_letter_template"),
    path("<slug:slug>/reserve/", appeals.reserve, name="reserve"),
    path("<slug:slug>/reserve/<int:number>/move-up/", appeals.move_up, name="move_up"),
    path("<slug:slug>/awards/<int:pk>/give-up/", appeals.give_up, name="give_up"),
    path("<slug:slug>/appeals/", appeals.appeal_list, name="appeals"),
    path("<slug:slug>/appeals/<int:number>/", appeals.answer_appeal, name="answer_appeal"),
    path("<slug:slug>/record/", trails.trail, name="trail"),
    path("<slug:slug>/record.csv", trails.trail_csv, name="trail_csv"),
    path("<slug:slug>/record.json", trails.trail_json, name="trail_json"),
    path("<slug:slug>/record/<int:number>/", trails.trail_of_application, name="trail_of_application"),
    path("<slug:slug>/record/<int:number>.csv", trails.trail_csv, name="trail_of_application_csv"),
    path("<slug:slug>/record/<int:number>.json", trails.trail_json, name="trail_of_application_json"),
]
