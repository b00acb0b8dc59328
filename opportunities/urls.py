"""Addresses of the room."""

from django.urls import path

from opportunities.views import feed, inbox, sources

app_name = "opportunities"

urlpatterns = [
    path("", feed.opportunity_list, name="list"),
    path("export/", feed.export, name="export"),
    path("for-you/", feed.feed, name="feed"),
    path("answered/", feed.answered, name="answered"),
    path("how-the-filter-works/", feed.how, name="how"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<slug:reference>/", inbox.item, name="inbox_item"),
    path("inbox/<slug:reference>/who-fits/", inbox.who_fits, name="who_fits"),
    path("inbox/<slug:reference>/publish/", inbox.publish, name="publish"),
    path("inbox/<slug:reference>/dismiss/", inbox.dismiss, name="dismiss"),
    path("inbox/<slug:reference>/restore/", inbox.restore, name="restore"),
    path("inbox/<slug:reference>/curate/", inbox.curate, name="curate"),
    path("inbox/<slug:reference>/partners/", inbox.partners, name="partners"),
    path("inbox/<slug:reference>/hand-over/", inbox.hand_over, name="hand_over"),
    path("answers/", inbox.answers, name="answers"),
    path("members/<slug:slug>/", inbox.member_feed, name="member_feed"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/new/", sources.create, name="source_create"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("sources/<slug:slug>/edit/", sources.edit, name="source_edit"),
    path("sources/<slug:slug>/upload/", sources.upload, name="upload"),
    path("sources/<slug:slug>/fetch/", sources.fetch, name="fetch"),
    path("imports/<int:pk>/", sources.import_run, name="import"),
    path("imports/<int:pk>/columns/", sources.columns, name="columns"),
    path("imports/<int:pk>/refused.csv", sources.refused_csv, name="refused_csv"),
    path("imports/<int:pk>/read-again/", sources.read_again, name="read_again"),
    path("imports/<int:pk>/stop/", sources.stop, name="stop"),
    path("imports/<int:pk>/set-aside/", sources.set_aside, name="set_aside"),
    path("<slug:reference>/", feed.detail, name="detail"),
    path("<slug:reference>/answer/", feed.answer, name="answer"),
    path("<slug:reference>/take-back/", feed.take_back, name="take_back"),
]
