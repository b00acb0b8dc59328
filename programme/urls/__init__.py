"""Addresses of the room: one file for each subject."""

from programme.urls import services

app_name = "programme"

urlpatterns = [*services.urlpatterns]
