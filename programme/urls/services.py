"""Addresses of services, requests and action plans. Fixed first words are kept free by `actions.services`."""

from django.urls import path

from programme.views import plans, requests, services

urlpatterns = [
    path("services/", services.service_list, name="services"),
    path("services/add/", services.add, name="add_service"),
    path("services/matrix/", services.matrix, name="matrix"),
    path("services/hours/", services.hours, name="service_hours"),
    path("services/hours.csv", services.hours_csv, name="service_hours_csv"),
    path("services/requests/", requests.request_list, name="service_requests"),
    path("services/requests.csv", requests.requests_csv, name="service_requests_csv"),
    path("services/requests/<int:pk>/", requests.service_request, name="service_request"),
    path("services/requests/<int:pk>/agree/", requests.agree, name="agree_service"),
    path("services/requests/<int:pk>/decline/", requests.decline, name="decline_service"),
    path("services/requests/<int:pk>/deliver/", requests.deliver, name="deliver_service"),
    path("services/requests/<int:pk>/withdraw/", requests.withdraw, name="withdraw_service"),
    path("services/requests/<int:pk>/helped/", requests.say, name="say_helped"),
    path("services/helped/<str:token>/", requests.helped, name="helped"),
    path("services/plans/", plans.plan_list, name="plans"),
    path("services/plans.csv", plans.plans_csv, name="plans_csv"),
    path("services/plans/steps/<int:pk>/change/", plans.change, name="change_step"),
    path("services/plans/steps/<int:pk>/done/", plans.done, name="step_done"),
    path("services/plans/steps/<int:pk>/remove/", plans.remove, name="remove_step"),
    path("services/plans/steps/<int:pk>/ask/", plans.ask, name="ask_for_step"),
    path("services/plans/<slug:slug>/", plans.plan, name="plan"),
    path("services/<slug:slug>/", services.service, name="service"),
    path("services/<slug:slug>/ask/", services.ask, name="ask_for_service"),
    path("services/<slug:slug>/edit/", services.edit, name="edit_service"),
    path("services/<slug:slug>/stop/", services.stop, name="stop_service"),
    path("services/<slug:slug>/offer/", services.offer, name="offer_service"),
]
