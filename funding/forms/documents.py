"""A file that belongs to a call."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from funding import files


class DocumentForm(forms.Form):
    """Its name on the page, and the file, which is what its content says."""

    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("As the page of the call shows it."))
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, DOCX, XLSX, ODT, ODS, PNG, JPEG, CSV or TXT, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": files.ACCEPTED}),
    )

    def clean_file(self) -> UploadedFile:
        """Looks it through, and gives it the ending of what it is."""
        file = self.cleaned_data["file"]
        try:
            self.kind = files.kind_of(file, name=file.name, size=file.size)
        except files.Unfit as fault:
            raise forms.ValidationError(str(fault)) from None
        file.seek(0)
        file.name = files.clean_name(file.name, self.kind)
        return file
