"""Addresses of the waves."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
