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
    path("results/report/", pages.report, name="report"),
    path("results/report.pdf", pages.report_pdf, name="report_pdf"),
    path("members.json", machines.members_json, name="members_json"),
    path("embed/", machines.embed, name="embed"),
    path("colour.css", machines.colour, name="colour"),
    path("page/", editing.page, name="page"),
    path("page/versions/<int:number>/", editing.version, name="version"),
    path("page/report/", editing.put_up_report, name="put_up_report"),
    path("page/report/down/", editing.take_down_report, name="take_down_report"),
    path("page/embed/", editing.snippet, name="snippet"),
]
