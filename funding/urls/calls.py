"""Addresses of the calls."""

from django.urls import path

from funding.views import call_parts, call_setup, calls, checks, documents, feeds, publishing

urlpatterns = [
    path("", calls.call_list, name="list"),
    path("calls.json", feeds.open_calls, name="feed"),
    path("new/", call_setup.begin, name="begin"),
    path("new/basics/", call_setup.create, name="create"),
    path("<slug:slug>/", calls.call, name="call"),
    path("<slug:slug>/check/", checks.check, name="check_call"),
    path("<slug:slug>/overview/", call_setup.overview, name="overview"),
    path("<slug:slug>/edit/", call_setup.edit, name="edit"),
    path("<slug:slug>/throw-away/", call_setup.throw_away, name="throw_away"),
    path("<slug:slug>/publish/", publishing.publish, name="publish"),
    path("<slug:slug>/correct/", publishing.correct, name="correct"),
    path("<slug:slug>/prolong/", publishing.prolong, name="prolong"),
    path("<slug:slug>/cancel/", publishing.cancel, name="cancel"),
    path("<slug:slug>/documents/", documents.documents, name="documents"),
    path("<slug:slug>/documents/<int:pk>/", documents.download, name="document"),
    path("<slug:slug>/documents/<int:pk>/remove/", documents.remove, name="remove_document"),
    path("<slug:slug>/funders/", call_parts.funders, name="funders"),
    path("<slug:slug>/funders/new/", call_parts.funder, name="add_funder"),
    path("<slug:slug>/funders/<int:pk>/", call_parts.funder, name="funder"),
    path("<slug:slug>/form/", call_parts.form, name="form"),
    path("<slug:slug>/form/new/", call_parts.question, name="add_question"),
    path("<slug:slug>/form/preview/", call_parts.preview, name="preview"),
    path("<slug:slug>/form/<int:pk>/", call_parts.question, name="question"),
    path("<slug:slug>/criteria/", call_parts.criteria, name="criteria"),
    path("<slug:slug>/criteria/new/", call_parts.criterion, name="add_criterion"),
    path("<slug:slug>/criteria/<int:pk>/", call_parts.criterion, name="criterion"),
    *[
        path(f"<slug:slug>/{page}/<int:pk>/{act.__name__}/", act, {"page": page}, name=f"{act.__name__}_{part}")
        for page, part in (("funders", "funder"), ("form", "question"), ("criteria", "criterion"))
        for act in (call_parts.remove, call_parts.move)
    ],
]
