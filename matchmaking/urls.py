"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import path

from matchmaking.views import board, day, feedback, results, rounds

app_name = "matchmaking"

urlpatterns = [
    path("", rounds.round_list, name="list"),
    path("p/board/<str:token>/", board.public_board, name="public_board"),
    path("p/<str:token>/feedback/", feedback.feedback_overview, name="feedback_overview"),
    path("p/<str:token>/feedback/<int:seat>/", feedback.feedback, name="feedback"),
    path("p/<str:token>/outcome/<int:seat>/<int:months>/", feedback.outcome, name="outcome"),
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

# until the pages of the other slices are here
urlpatterns += [
    path("p/<str:token>/", feedback.feedback_overview, name="own"),
    path("p/<str:token>/agenda/", feedback.feedback_overview, name="agenda"),
    path("<slug:slug>/", rounds.round_list, name="round"),
    path("new/", rounds.round_list, name="create"),
]
