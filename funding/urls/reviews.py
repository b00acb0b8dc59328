"""Addresses of reviews. A reviewer's own tell neither which application it is nor who applies."""

from django.urls import path

from funding.views import assignments, reviewers, reviews, scores

urlpatterns = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:key>/", reviews.review, name="review"),
    path("reviews/<uuid:key>/conflict/", reviews.declare, name="declare"),
    path("reviews/<uuid:key>/reopen/", reviews.reopen, name="reopen_review"),
    path("reviews/<uuid:key>/files/<int:number>/", reviews.review_file, name="review_file"),
    path("reviews/<slug:slug>/interests/", reviews.interests, name="interests"),
    path("reviews/<slug:slug>/panel/", scores.panel, name="panel"),
    path("reviews/<slug:slug>/discussion/<slug:code>/", scores.discussion, name="discussion"),
    path("reviews/<slug:slug>/discussion/<slug:code>/remark/", scores.remark, name="remark"),
    path("reviews/<slug:slug>/discussion/<slug:code>/moderate/<int:pk>/", scores.moderate, name="moderate"),
    path("<slug:slug>/reviewers/", reviewers.reviewers, name="reviewers"),
    path("<slug:slug>/reviewers/bring/", reviewers.bring, name="bring_reviewer"),
    path("<slug:slug>/reviewers/invite/", reviewers.invite, name="invite_reviewer"),
    path("<slug:slug>/reviewers/remind/", reviewers.remind, name="remind_reviewers"),
    path("<slug:slug>/reviewers/<int:pk>/", reviewers.reviewer, name="reviewer"),
    path("<slug:slug>/reviewers/<int:pk>/take-out/", reviewers.take_out, name="take_out_reviewer"),
    path("<slug:slug>/assignments/", assignments.assignments, name="assignments"),
    path("<slug:slug>/assignments/propose/", assignments.propose, name="propose_assignments"),
    path("<slug:slug>/assignments/send/", assignments.send, name="send_assignments"),
    path("<slug:slug>/assignments/of/<int:number>/", assignments.choose, name="choose_reviewer"),
    path("<slug:slug>/assignments/<int:pk>/back/", assignments.take_back, name="take_back_assignment"),
    path("<slug:slug>/assignments/<int:pk>/open-again/", assignments.open_again, name="open_review_again"),
    path("<slug:slug>/assignments/<int:pk>/overrule/", assignments.overrule, name="overrule_conflict"),
    path("<slug:slug>/scores/", scores.scores, name="scores"),
    path("<slug:slug>/scores/csv/", scores.scores_csv, name="scores_csv"),
    path("<slug:slug>/scores/xlsx/", scores.scores_xlsx, name="scores_xlsx"),
]
