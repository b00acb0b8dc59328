"""Hours, money and results by goal."""

from django.urls import path

from evaluations.views import goals

urlpatterns = [
    path("goals/", goals.effort, name="goals"),
]
