"""Addresses of the questionnaires."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
