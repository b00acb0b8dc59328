"""Addresses of applications, and of partners' own parts by their signed links."""

from django.urls import path

from funding.views import (
    answers,
    applications,
    attachments,
    budgets,
    consortium,
    declarations,
    parts,
    submissions,
)

OF = "applications/<str:reference>"
ONE = f"{OF}/consortium/<int:pk>"
LINK = "p/<str:token>"

urlpatterns = [
    path("<slug:slug>/apply/", applications.start, name="apply"),
    path("applications/", applications.application_list, name="applications"),
    path("applications/files/<int:pk>/", attachments.download, name="attachment"),
    path(f"{OF}/", applications.application, name="application"),
    path(f"{OF}/amend/", applications.amend, name="amend"),
    path(f"{OF}/withdraw/", applications.withdraw, name="withdraw_application"),
    path(f"{OF}/consortium/", consortium.consortium, name="partners"),
    path(f"{ONE}/", consortium.partner, name="consortium_partner"),
    path(f"{ONE}/invite/", consortium.invite, name="invite_partner"),
    path(f"{ONE}/stop-link/", consortium.stop_link, name="stop_partner_link"),
    path(f"{ONE}/remove/", consortium.remove, name="remove_partner"),
    path(f"{ONE}/save/<str:field>/", answers.save_field, name="save_partner_field"),
    path(f"{ONE}/history/<str:field>/", answers.field_history, name="history_partner_field"),
    path(f"{OF}/project/", answers.project, name="project"),
    path(f"{OF}/save/<str:field>/", answers.save_field, name="save_field"),
    path(f"{OF}/history/<str:field>/", answers.field_history, name="history_field"),
    path(f"{OF}/budget/", budgets.budget, name="budget"),
    path(f"{OF}/declarations/", declarations.declarations, name="declarations"),
    path(f"{OF}/own/questions/", parts.own_questions, name="own_questions"),
    path(f"{OF}/own/save/<str:field>/", parts.own_save, name="own_save"),
    path(f"{OF}/own/figures/", parts.own_figures, name="own_figures"),
    path(f"{OF}/own/files/", parts.own_files, name="own_files"),
    path(f"{OF}/attachments/", attachments.attachments, name="attachments"),
    path(f"{OF}/attachments/<int:pk>/remove/", attachments.remove, name="remove_attachment"),
    path(f"{OF}/check/", submissions.check, name="check"),
    path(f"{OF}/receipt/", submissions.receipt, name="receipt"),
    path(f"{OF}/receipt.pdf", submissions.receipt_file, name="receipt_pdf"),
    path(f"{OF}/handed-in/<int:number>/", submissions.handed_in, name="handed_in"),
    path(f"{LINK}/", parts.partner, name="partner_part"),
    path(f"{LINK}/confirm/", parts.confirm, name="partner_confirm"),
    path(f"{LINK}/decline/", parts.decline, name="partner_decline"),
    path(f"{LINK}/newest/", parts.ask_for_new_link, name="partner_new_link"),
    path(f"{LINK}/budget/", parts.budget, name="partner_budget"),
    path(f"{LINK}/questions/", parts.partner_questions, name="partner_questions"),
    path(f"{LINK}/save/<str:field>/", parts.partner_save, name="partner_save"),
    path(f"{LINK}/figures/", parts.partner_figures, name="partner_figures"),
    path(f"{LINK}/files/", parts.partner_files, name="partner_files"),
    path(f"{LINK}/files/<int:pk>/", parts.partner_download, name="partner_file"),
    path(f"{LINK}/files/<int:pk>/remove/", parts.partner_remove_file, name="partner_remove_file"),
]
