"""Addresses of tables that are asked for, and of reports. What stands below s/<token>/ is opened by a link."""

from django.urls import path

from evaluations.views import reports, shared, tables

urlpatterns = [
    path("tables/", tables.tables, name="tables"),
    path("tables/outcomes/", tables.outcome_tables, name="outcome_tables"),
    path("tables/log/", tables.queries, name="queries"),
    path("tables/<int:pk>/", tables.table, name="table"),
    path("tables/<int:pk>/stop/", tables.stop_query, name="stop_query"),
    path("tables/<int:pk>/table.csv", tables.table_csv, name="table_csv"),
    path("tables/<int:pk>/table.xlsx", tables.table_xlsx, name="table_xlsx"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/new/", reports.new_report, name="new_report"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("reports/<int:pk>/stop/", reports.stop_report, name="stop_report"),
    path("reports/<int:pk>/again/", reports.make_again, name="make_report_again"),
    path("reports/<int:pk>/links/", reports.links, name="report_links"),
    path("reports/<int:pk>/links/<int:link>/withdraw/", reports.withdraw_link, name="withdraw_report_link"),
    path("s/<str:token>/", shared.shared_report, name="shared_report"),
    path("s/<str:token>/report.pdf", shared.shared_pdf, name="shared_report_pdf"),
]
