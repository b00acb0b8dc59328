"""Addresses of the room: a file for each subject."""

from django.urls import include, path

app_name = "programme"

urlpatterns = [
    path("activities/", include("programme.urls.activities")),
]
