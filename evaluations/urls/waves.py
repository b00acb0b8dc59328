"""Addresses of the waves. What stands below p/<token>/ is opened by a signed link."""

from django.urls import include, path

from evaluations.views import answering, invitees, waves

one_wave = [
    path("", waves.wave, name="wave"),
    path("edit/", waves.edit_wave, name="edit_wave"),
    path("open/", waves.open_wave, name="open_wave"),
    path("remind/", waves.remind, name="remind"),
    path("close/", waves.close_wave, name="close_wave"),
    path("people/", invitees.wave_people, name="wave_people"),
    path("people/<int:pk>/out/", invitees.take_out, name="take_out"),
    path("people/<int:pk>/new-link/", invitees.send_new_link, name="send_new_link"),
]

urlpatterns = [
    path("waves/", waves.wave_list, name="waves"),
    path("waves/new/", waves.new_wave, name="new_wave"),
    path("waves/<slug:slug>/", include(one_wave)),
    path("p/<str:token>/", answering.answer, name="answer"),
    path("p/<str:token>/thanks/", answering.thanks, name="thanks"),
    path("p/<str:token>/decline/", answering.decline, name="decline"),
    path("p/<str:token>/newest/", answering.ask_for_new_link, name="ask_for_new_link"),
]
