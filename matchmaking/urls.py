"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import path

from matchmaking.views import (
    ballot,
    inviting,
    leaving,
    participants,
    partners,
    programme,
    requests,
    rounds,
    sign_up,
)

app_name = "matchmaking"

urlpatterns = [
    path("", rounds.round_list, name="list"),
    path("new/", rounds.create, name="create"),
    path("p/<str:token>/", sign_up.own, name="own"),
    path("p/<str:token>/sign-up/", sign_up.sign_up, name="sign_up"),
    path("p/<str:token>/availability/", sign_up.availability, name="availability"),
    path("p/<str:token>/codes/<slug:scheme>/", sign_up.search_codes, name="codes"),
    path("p/<str:token>/decline/", sign_up.decline, name="decline"),
    path("p/<str:token>/companies/", ballot.ballot, name="ballot"),
    path("p/<str:token>/companies/hand-in/", ballot.hand_in, name="hand_in"),
    path("p/<str:token>/companies/<int:other>/", ballot.wish, name="wish"),
    path("p/<str:token>/requests/", requests.own_requests, name="own_requests"),
    path("p/<str:token>/requests/new/<int:other>/", requests.request_meeting, name="request"),
    path("p/<str:token>/requests/<int:pk>/", requests.answer_request, name="answer_request"),
    path("p/<str:token>/requests/<int:pk>/other-time/", requests.other_time, name="other_time"),
    path("p/<str:token>/leave/", leaving.leave, name="leave"),
    path("p/<str:token>/new-link/", leaving.ask_new_link, name="ask_new_link"),
    path("<slug:slug>/", rounds.round_page, name="round"),
    path("<slug:slug>/edit/", rounds.edit, name="edit"),
    path("<slug:slug>/open/", rounds.open_round, name="open"),
    path("<slug:slug>/plan-again/", rounds.plan_again, name="plan_again"),
    path("<slug:slug>/cancel/", rounds.cancel, name="cancel"),
    path("<slug:slug>/finish/", rounds.finish, name="finish"),
    path("<slug:slug>/programme/", programme.programme, name="programme"),
    path("<slug:slug>/programme/tables/", programme.tables, name="tables"),
    path("<slug:slug>/programme/<int:pk>/remove/", programme.remove_session, name="remove_session"),
    path("<slug:slug>/participants/", participants.participant_list, name="participants"),
    path("<slug:slug>/participants/export/", participants.export, name="export_participants"),
    path("<slug:slug>/participants/remind/", participants.remind, name="remind"),
    path("<slug:slug>/participants/members/", inviting.invite_members, name="invite_members"),
    path("<slug:slug>/participants/guests/", inviting.invite_guest, name="invite_guest"),
    path("<slug:slug>/participants/guests/several/", inviting.invite_guests, name="invite_guests"),
    path("<slug:slug>/participants/<int:pk>/", participants.participant_page, name="participant"),
    path("<slug:slug>/participants/<int:pk>/resend/", participants.resend, name="resend"),
    path("<slug:slug>/participants/<int:pk>/withdraw/", participants.withdraw, name="withdraw"),
    path("<slug:slug>/partners/", partners.partner_list, name="partners"),
    path("<slug:slug>/partners/<int:pk>/places/", partners.change_places, name="change_places"),
    path("<slug:slug>/partners/<int:pk>/remove/", partners.remove_partner, name="remove_partner"),
    path("<slug:slug>/requests/", requests.overview, name="requests"),
]
