"""Addresses of the results."""

from django.urls import path

from evaluations.views import benchmarks, boosters, exports, results

urlpatterns = [
    path("boosters/", boosters.boosters, name="boosters"),
    path("method/", results.method, name="method"),
    path("benchmarks/", benchmarks.benchmarks, name="benchmarks"),
    path("benchmarks/bring/", benchmarks.bring, name="bring_benchmarks"),
    path("benchmarks/<int:pk>/", benchmarks.benchmark_import, name="benchmark_import"),
    path("benchmarks/<int:pk>/again/", benchmarks.try_again, name="read_benchmarks_again"),
    path("benchmarks/<int:pk>/withdraw/", benchmarks.withdraw, name="withdraw_benchmarks"),
    path("results/<slug:slug>/", results.results, name="results"),
    path("results/<slug:slug>/prepare/", results.prepare, name="prepare"),
    path("results/<slug:slug>/figures.csv", exports.wave_csv, name="results_csv"),
    path("results/<slug:slug>/figures.xlsx", exports.wave_xlsx, name="results_xlsx"),
    path("results/<slug:slug>/<slug:key>/", results.question, name="question_results"),
    path("results/<slug:slug>/<slug:key>/figures.csv", exports.question_csv, name="question_csv"),
    path("results/<slug:slug>/<slug:key>/figures.xlsx", exports.question_xlsx, name="question_xlsx"),
    path("series/<slug:slug>/", results.series, name="series"),
]
