"""Addresses of shortlists and their cards, by random keys. What stands below a/ is opened by a company's link."""

from django.urls import path

from ecosystem.views import cards, shortlists

urlpatterns = [
    path("a/<str:token>/", cards.answer, name="answer"),
    path("lists/", shortlists.shortlist_list, name="shortlists"),
    path("o/<slug:slug>/lists/", shortlists.partner_lists, name="partner_lists"),
    path("o/<slug:slug>/lists/new/", shortlists.create, name="new_shortlist"),
    path("lists/<uuid:key>/", shortlists.shortlist, name="shortlist"),
    path("lists/<uuid:key>/edit/", shortlists.edit, name="edit_shortlist"),
    path("lists/<uuid:key>/fits/", shortlists.fits, name="fits"),
    path("lists/<uuid:key>/put-on/", shortlists.put_on, name="put_on"),
    path("lists/<uuid:key>/ask/", shortlists.ask, name="ask"),
    path("lists/<uuid:key>/show/", shortlists.show, name="show"),
    path("lists/<uuid:key>/close/", shortlists.close, name="close_shortlist"),
    path("cards/", cards.card_list, name="cards"),
    path("cards/<uuid:key>/", cards.card, name="card"),
    path("cards/<uuid:key>/write/", cards.write, name="write_card"),
    path("cards/<uuid:key>/take-off/", cards.take_off, name="take_off"),
    path("cards/<uuid:key>/interest/", cards.interest, name="interest"),
    path("cards/<uuid:key>/introduce/", cards.introduce, name="introduce"),
    path("cards/<uuid:key>/outcome/", cards.outcome, name="outcome"),
]
