"""Addresses of the calls."""

from django.urls import path

from funding.views import calls

urlpatterns = [
    path("", calls.call_list, name="list"),
    path("<slug:slug>/", calls.call, name="call"),
]
