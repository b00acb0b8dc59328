"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import path

from matchmaking.views import ballot, leaving, requests, rounds, sign_up

app_name = "matchmaking"

urlpatterns = [
    path("", rounds.round_list, name="list"),
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
    path("<slug:slug>/requests/", requests.overview, name="requests"),
]
