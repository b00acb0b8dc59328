"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import include, path

from matchmaking.views import (
    agenda,
    ballot,
    board,
    day,
    feedback,
    grid,
    leaving,
    printing,
    requests,
    results,
    rounds,
    sign_up,
    timetables,
)

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
    path("p/board/<str:token>/", board.public_board, name="public_board"),
    path("p/<str:token>/feedback/", feedback.feedback_overview, name="feedback_overview"),
    path("p/<str:token>/feedback/<int:seat>/", feedback.feedback, name="feedback"),
    path("p/<str:token>/outcome/<int:seat>/<int:months>/", feedback.outcome, name="outcome"),
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
    path("<slug:slug>/day/", day.day, name="day"),
    path("<slug:slug>/day/walk-in/", day.walk_in, name="walk_in"),
    path("<slug:slug>/day/refill/", day.refill, name="refill"),
    path("<slug:slug>/day/<int:pk>/here/", day.check_in, name="check_in"),
    path("<slug:slug>/day/<int:pk>/late/", day.late, name="late"),
    path("<slug:slug>/day/<int:pk>/no-show/", day.no_show, name="no_show"),
    path("<slug:slug>/day/<int:pk>/undo/", day.undo_check_in, name="undo_check_in"),
    path("<slug:slug>/day/meetings/", day.day_meetings, name="day_meetings"),
    path("<slug:slug>/day/meetings/<int:pk>/mark/", day.mark, name="mark"),
    path("<slug:slug>/board/", board.board, name="board"),
    path("<slug:slug>/results/", results.results, name="results"),
    path("<slug:slug>/results/report/", results.report, name="report"),
    path("<slug:slug>/results/csv/", results.results_csv, name="results_csv"),
]
