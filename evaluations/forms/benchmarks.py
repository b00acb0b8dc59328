"""A file of benchmarks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = 2 * 1024 * 1024


class BenchmarkFileForm(forms.Form):
    """The file that is brought."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, up to 2 MB. Its first line names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("This file is larger than 2 MB. Split it, and bring the parts."))
        return file
