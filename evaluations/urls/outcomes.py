"""Outcomes, the funnel, who got nothing, who works abroad, and the question of what came of an interest."""

from django.urls import path

from evaluations.views import follow_ups, outcomes

urlpatterns = [
    path("f/<str:token>/", follow_ups.follow_up, name="follow_up"),
    path("own/", follow_ups.own, name="own"),
    path("own/<int:pk>/", follow_ups.own_outcome, name="own_outcome"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/list/", outcomes.outcome_list, name="outcome_list"),
    path("outcomes/export/", outcomes.export, name="outcome_export"),
    path("funnel/", outcomes.funnel, name="funnel"),
    path("worklist/", outcomes.worklist, name="worklist"),
    path("engaged/", outcomes.engaged, name="engaged"),
    path("needs/", outcomes.needs, name="needs"),
    path("quarters/", outcomes.quarters, name="quarters"),
]
