"""Addresses of partners. Each stands below o/, so that no name of an organisation is taken by a page."""

from django.urls import path

from ecosystem.views import partners

urlpatterns = [
    path("all/", partners.partner_list, name="partners"),
    path("add/", partners.add, name="add_partner"),
    path("o/<slug:slug>/", partners.partner, name="partner"),
    path("o/<slug:slug>/edit/", partners.edit, name="edit_partner"),
    path("o/<slug:slug>/agreements/add/", partners.agreement, name="add_agreement"),
    path("o/<slug:slug>/agreements/<int:pk>/", partners.agreement, name="edit_agreement"),
    path("o/<slug:slug>/agreements/<int:pk>/remove/", partners.remove_agreement, name="remove_agreement"),
    path("o/<slug:slug>/contacts/add/", partners.contact, name="add_contact"),
    path("o/<slug:slug>/contacts/<int:pk>/", partners.contact, name="edit_contact"),
    path("o/<slug:slug>/contacts/<int:pk>/remove/", partners.remove_contact, name="remove_contact"),
]
