"""Addresses of activities. What stands below r/<token>/ is opened by the link in a participant's mail."""

from django.urls import path

from programme.views import activities, participants, registrations

urlpatterns = [
    path("", activities.activity_list, name="activities"),
    path("activities.ics", activities.activities_ics, name="activities_ics"),
    path("activities.csv", activities.activities_csv, name="activities_csv"),
    path("new/", activities.create, name="activity_new"),
    path("r/<str:token>/", registrations.registration, name="registration"),
    path("<slug:slug>/", activities.activity, name="activity"),
    path("<slug:slug>/activity.ics", activities.activity_ics, name="activity_ics"),
    path("<slug:slug>/edit/", activities.edit, name="activity_edit"),
    path("<slug:slug>/words/", activities.words, name="activity_words"),
    path("<slug:slug>/publish/", activities.publish, name="activity_publish"),
    path("<slug:slug>/cancel/", activities.cancel, name="activity_cancel"),
    path("<slug:slug>/remove/", activities.remove, name="activity_remove"),
    path("<slug:slug>/hosts/", activities.hosts, name="activity_hosts"),
    path("<slug:slug>/hosts/<int:pk>/remove/", activities.remove_host, name="activity_host_remove"),
    path("<slug:slug>/register/", registrations.register, name="activity_register"),
    path("<slug:slug>/bring/", registrations.bring, name="activity_bring"),
    path("<slug:slug>/people/", participants.people, name="activity_people"),
    path("<slug:slug>/people/export/", participants.export, name="activity_export"),
    path("<slug:slug>/people/<int:pk>/attended/", participants.attended, name="activity_attended"),
    path("<slug:slug>/people/<int:pk>/let-in/", participants.let_in, name="activity_let_in"),
    path("<slug:slug>/people/<int:pk>/support/", participants.support, name="activity_support"),
    path("<slug:slug>/people/<int:pk>/cancel/", registrations.unregister, name="activity_unregister"),
]
