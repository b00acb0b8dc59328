"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import path

from matchmaking.views import feedback, rounds

app_name = "matchmaking"

urlpatterns = [
    path("", rounds.round_list, name="list"),
    path("p/<str:token>/feedback/", feedback.feedback_overview, name="feedback_overview"),
    path("p/<str:token>/feedback/<int:seat>/", feedback.feedback, name="feedback"),
    path("p/<str:token>/outcome/<int:seat>/<int:months>/", feedback.outcome, name="outcome"),
]

# until the pages of the other slices are here
urlpatterns += [
    path("p/<str:token>/", feedback.feedback_overview, name="own"),
    path("p/<str:token>/agenda/", feedback.feedback_overview, name="agenda"),
    path("<slug:slug>/", rounds.round_list, name="round"),
    path("new/", rounds.round_list, name="create"),
]
