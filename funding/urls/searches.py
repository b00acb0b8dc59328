"""Addresses of partner searches for funding topics."""

from django.urls import path

from funding.views import consortia, searches

urlpatterns = [
    path("consortium/<slug:reference>/", searches.consortium, name="consortium"),
    path("searches/", searches.search_list, name="searches"),
    path("searches/<int:pk>/", searches.search, name="search"),
    path("searches/<int:pk>/fits/", searches.fits, name="search_fits"),
    path("searches/<int:pk>/ask/", searches.ask, name="search_ask"),
    path("replies/<int:pk>/answer/", searches.answer, name="search_answer"),
    path("searches/<int:pk>/close/", searches.close, name="search_close"),
    path("searches/<int:pk>/interested.csv", searches.interested_csv, name="search_csv"),
    path("searches/<int:pk>/consortium/", consortia.team, name="team"),
    path("searches/<int:pk>/apply/", consortia.start, name="search_apply"),
    path("searches/<int:pk>/outcome/", consortia.outcome, name="search_outcome"),
    path("searches/<int:pk>/call/", consortia.link_to_call, name="search_call"),
    path("searches/<int:pk>/consortium.pdf", consortia.sheet_pdf, name="sheet_pdf"),
    path("searches/<int:pk>/consortium.csv", consortia.sheet_csv, name="sheet_csv"),
    path("replies/<int:pk>/hide/", consortia.hide_contact, name="hide_contact"),
]
