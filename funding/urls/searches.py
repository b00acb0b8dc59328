"""Addresses of partner searches for funding topics."""

from django.urls import path

from funding.views import searches

urlpatterns = [
    path("consortium/<slug:reference>/", searches.consortium, name="consortium"),
    path("searches/", searches.search_list, name="searches"),
    path("searches/<int:pk>/", searches.search, name="search"),
    path("searches/<int:pk>/fits/", searches.fits, name="search_fits"),
    path("searches/<int:pk>/ask/", searches.ask, name="search_ask"),
    path("replies/<int:pk>/answer/", searches.answer, name="search_answer"),
    path("searches/<int:pk>/close/", searches.close, name="search_close"),
    path("searches/<int:pk>/interested.csv", searches.interested_csv, name="search_csv"),
]
