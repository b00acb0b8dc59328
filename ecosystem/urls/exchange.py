"""Addresses of the exchange with partners' portals: the team's pages, and the two that other portals open."""

from django.urls import include, path

from ecosystem.exchange.introductions import PATH
from ecosystem.views import exchange, inbox

app_name = "exchange"

team = [
    path("", exchange.home, name="home"),
    path("add/", exchange.add, name="add"),
    path("peers/<int:pk>/", exchange.peer, name="peer"),
    path("peers/<int:pk>/look/", exchange.look_again, name="look_again"),
    path("peers/<int:pk>/send/", exchange.send, name="send"),
    path("peers/<int:pk>/daily/", exchange.daily, name="daily"),
    path("keys/<int:pk>/confirm/", exchange.confirm_key, name="confirm_key"),
    path("keys/<int:pk>/end/", exchange.end_key, name="end_key"),
    path("upload/", exchange.upload, name="upload"),
    path("received/<int:pk>/", exchange.received, name="received"),
    path("received/<int:pk>/again/", exchange.try_again, name="try_again"),
    path("received/<int:pk>/packet.jws", exchange.received_file, name="received_file"),
    path("sent/<int:pk>/", exchange.sent, name="sent"),
    path("sent/<int:pk>/again/", exchange.send_again, name="send_again"),
    path("sent/<int:pk>/carried/", exchange.carried, name="carried"),
    path("sent/<int:pk>/packet.jws", exchange.sent_file, name="sent_file"),
    path("cards/<uuid:key>/", exchange.card, name="card"),
]

urlpatterns = [
    path("partners/exchange/", include(team)),
    path("exchange/inbox/", inbox.inbox, name="inbox"),
    path(PATH.removeprefix("/"), inbox.introduction, name="introduction"),
]
