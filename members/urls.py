"""Addresses of the room. The fixed first words are kept free by `actions.RESERVED_SLUGS`."""

from django.urls import path

from members.views import data, invitations, joining, organisations, people, profile, settings, undertakings

app_name = "members"

urlpatterns = [
    path("", organisations.organisation_list, name="list"),
    path("export/", organisations.export, name="export"),
    path("invite/", invitations.invite_anywhere, name="invite_anywhere"),
    path("invitations/", invitations.invitation_list, name="invitations"),
    path("invitations/<int:pk>/resend/", invitations.resend, name="resend"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw"),
    path("accept/", invitations.accept, name="accept"),
    path("accept/ask-again/", invitations.ask_again, name="ask_again"),
    path("join/", joining.join, name="join"),
    path("requests/", joining.join_requests, name="join_requests"),
    path("requests/<int:pk>/", joining.join_request, name="join_request"),
    path("requests/<int:pk>/approve/", joining.approve, name="approve"),
    path("requests/<int:pk>/decline/", joining.decline, name="decline"),
    path("people/<int:pk>/role/", people.change_role, name="change_role"),
    path("people/<int:pk>/remove/", people.remove, name="remove_person"),
    path("profile/", profile.own, name="profile"),
    path("codes/<slug:scheme>/", profile.search_codes, name="codes"),
    path("settings/", settings.settings, name="settings"),
    path("settings/consent/", settings.consent, name="consent"),
    path("consent/<str:token>/", settings.withdraw_consent, name="withdraw_consent"),
    path("settings/mail/<slug:kind>/start/", settings.start_mail, name="start_mail"),
    path("settings/mail/digest/stop/", settings.stop_digest, name="stop_digest"),
    path("undertakings/", undertakings.undertakings, name="undertakings"),
    path("undertakings/join/", undertakings.join, name="join_undertaking"),
    path("undertakings/links/<int:pk>/", undertakings.settle, name="settle_link"),
    path("<slug:slug>/links/", undertakings.links, name="links"),
    path("<slug:slug>/links/none/", undertakings.no_links, name="no_links"),
    path("<slug:slug>/links/<int:pk>/remove/", undertakings.remove_link, name="remove_link"),
    path("<slug:slug>/separate/", undertakings.separate, name="separate"),
    path("<slug:slug>/", organisations.detail, name="detail"),
    path("<slug:slug>/edit/", organisations.edit, name="edit"),
    path("<slug:slug>/invite/", invitations.invite, name="invite"),
    path("<slug:slug>/profile/", profile.next_step, name="edit_profile"),
    path("<slug:slug>/profile/<slug:step>/", profile.step, name="step"),
    path("<slug:slug>/data/", data.our_data, name="data"),
    path("<slug:slug>/data.json", data.download, name="download"),
]
