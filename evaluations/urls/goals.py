"""Hours, money and results by goal."""

from django.urls import path

from evaluations.views import goals

urlpatterns = [
    path("goals/", goals.effort, name="goals"),
    path("goals.csv", goals.export, name="goals_csv"),
]
