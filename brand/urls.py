"""Addresses of the room."""

from django.urls import path

from brand.views import editing, machines, pages

app_name = "brand"

urlpatterns = [
    path("", pages.about, name="about"),
    path("members/", pages.members, name="members"),
    path("members/<slug:slug>/", pages.company, name="company"),
    path("opportunities/", pages.opportunities, name="opportunities"),
    path("activities/", pages.activities, name="activities"),
    path("activities/<slug:slug>/", pages.activity, name="activity"),
    path("results/", pages.numbers, name="results"),
    path("members.json", machines.members_json, name="members_json"),
    path("embed/", machines.embed, name="embed"),
    path("colour.css", machines.colour, name="colour"),
    path("page/", editing.page, name="page"),
    path("page/versions/<int:number>/", editing.version, name="version"),
    path("page/embed/", editing.snippet, name="snippet"),
]
