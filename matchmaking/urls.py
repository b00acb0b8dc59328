"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import include, path

from matchmaking.views import agenda, grid, printing, rounds, timetables

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
    path("p/<str:token>/agenda/", agenda.agenda, name="agenda"),
    path("p/<str:token>/agenda.ics", agenda.agenda_ics, name="agenda_ics"),
    path("new/", rounds.round_list, name="create"),  # TEMP
    path("p/<str:token>/", agenda.agenda, name="own"),  # TEMP
    path("<slug:slug>/", rounds.round_list, name="round"),  # TEMP
    path("<slug:slug>/timetables/", timetables.timetable_list, name="timetables"),
    path("<slug:slug>/timetables/solve/", timetables.solve, name="solve"),
    path("<slug:slug>/timetables/compare/", timetables.compare, name="compare"),
    path("<slug:slug>/timetables/<int:number>/", include(one_timetable)),
    path("<slug:slug>/badges/", printing.badges, name="badges"),
    path("<slug:slug>/table-plan/", printing.table_plan, name="table_plan"),
]
