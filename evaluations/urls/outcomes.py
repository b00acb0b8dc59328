"""Addresses of the outcomes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
