"""Addresses of the room. What stands below p/<token>/ is opened by a participant's signed link."""

from django.urls import path

from matchmaking.views import rounds

app_name = "matchmaking"

urlpatterns = [
    path("", rounds.round_list, name="list"),
]
