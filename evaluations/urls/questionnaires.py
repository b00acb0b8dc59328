"""Addresses of the questionnaires."""

from django.urls import path

from evaluations.views import drafts, questionnaires

urlpatterns = [
    path("", questionnaires.questionnaires, name="questionnaires"),
    path("new/", questionnaires.new, name="new_questionnaire"),
    path("new/file/", questionnaires.from_file, name="questionnaire_from_file"),
    path("templates/<slug:name>/", questionnaires.template, name="questionnaire_template"),
    path("<slug:slug>/", questionnaires.questionnaire, name="questionnaire"),
    path("<slug:slug>/name/", questionnaires.rename, name="rename_questionnaire"),
    path("<slug:slug>/compare/", questionnaires.compare, name="compare_versions"),
    path("<slug:slug>/<int:number>/", questionnaires.preview, name="version"),
    path("<slug:slug>/<int:number>/file/", questionnaires.export, name="version_file"),
    path("<slug:slug>/begin/", drafts.begin, name="begin_version"),
    path("<slug:slug>/draft/", drafts.draft, name="draft"),
    path("<slug:slug>/draft/texts/", drafts.texts, name="draft_texts"),
    path("<slug:slug>/draft/add/", drafts.add_question, name="add_question"),
    path("<slug:slug>/draft/publish/", drafts.publish, name="publish_draft"),
    path("<slug:slug>/draft/discard/", drafts.discard, name="discard_draft"),
    path("<slug:slug>/draft/questions/<slug:key>/", drafts.question, name="question"),
    path("<slug:slug>/draft/questions/<slug:key>/move/", drafts.move, name="move_question"),
    path("<slug:slug>/draft/questions/<slug:key>/remove/", drafts.remove, name="remove_question"),
]
