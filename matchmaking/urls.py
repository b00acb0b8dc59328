"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import include, path

from matchmaking.views import agenda, ballot, grid, leaving, printing, requests, rounds, sign_up, timetables

app_name = "matchmaking"

one_timetable = [
    path("", timetables.timetable, name="timetable"),
    path("stop/", timetables.stop_solving, name="stop_solving"),
    path("publish/", timetables.publish, name="publish"),
    path("meetings/add/", grid.add_meeting, name="add_meeting"),
    path("meetings/<int:pk>/move/", grid.move_meeting, name="move_meeting"),
    path("meetings/<int:pk>/pin/", grid.pin_meeting, name="pin_meeting"),
    path("meetings/<int:pk>/cancel/", grid.cancel_meeting, name="cancel_meeting"),
    path("meetings/<int:pk>/forbid/", grid.forbid_pair, name="forbid_pair"),
    path("forbidden/<int:pk>/allow/", grid.allow_pair, name="allow_pair"),
]

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
    path("p/<str:token>/agenda/", agenda.agenda, name="agenda"),
    path("p/<str:token>/agenda.ics", agenda.agenda_ics, name="agenda_ics"),
    path("new/", rounds.round_list, name="create"),  # TEMP
    path("<slug:slug>/", rounds.round_list, name="round"),  # TEMP
    path("<slug:slug>/timetables/", timetables.timetable_list, name="timetables"),
    path("<slug:slug>/timetables/solve/", timetables.solve, name="solve"),
    path("<slug:slug>/timetables/compare/", timetables.compare, name="compare"),
    path("<slug:slug>/timetables/<int:number>/", include(one_timetable)),
    path("<slug:slug>/badges/", printing.badges, name="badges"),
    path("<slug:slug>/table-plan/", printing.table_plan, name="table_plan"),
]
