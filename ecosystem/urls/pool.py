"""Addresses of the pool."""

from django.urls import path

from ecosystem.views import pool

urlpatterns = [
    path("share/<slug:reference>/", pool.share, name="share"),
    path("o/<slug:slug>/pool/", pool.pool, name="pool"),
    path("o/<slug:slug>/bring-in/", pool.bring_in, name="bring_in"),
    path("shared/<uuid:key>/", pool.shared, name="shared"),
    path("shared/<uuid:key>/answer/", pool.answer_shared, name="answer_shared"),
    path("shared/<uuid:key>/hand-over/", pool.hand_over, name="hand_over"),
    path("shared/<uuid:key>/stop/", pool.stop, name="stop_sharing"),
]
