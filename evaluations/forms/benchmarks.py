"""A file of benchmarks."""

from django import forms

from core.forms import TableFileField


class BenchmarkFileForm(forms.Form):
    """The file that is brought."""

    file = TableFileField()
