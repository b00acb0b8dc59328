"""What the cluster team fills in about a grant, and what the beneficiary writes in a report."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.files import ACCEPTED, Unfit, clean_name, kind_of
from funding.forms.amounts import AmountField
from funding.models import FundingCall, Grant, GrantReport, Milestone, Payment
from members.models import Organisation


class DayField(forms.DateField):
    """A day of the calendar."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class AgreementForm(forms.ModelForm):
    """The data of the grant agreement."""

    signed_on = DayField(label=_("Signed on"), required=False)
    starts_on = DayField(label=_("Starts on"), required=False)
    ends_on = DayField(label=_("Ends on"), required=False)

    class Meta:
        model = Grant
        fields = ("agreement_number", "signed_on", "starts_on", "ends_on")

    def _post_clean(self) -> None:
        """What fits is decided by the action, which says so in words."""


class MilestoneForm(forms.ModelForm):
    """A milestone."""

    due_on = DayField(label=_("To be reached by"))

    class Meta:
        model = Milestone
        fields = ("name", "due_on")


class ReportPlanForm(forms.Form):
    """A report that is owed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=GrantReport.Kind)
    due_on = DayField(label=_("Due"))


class PaymentForm(forms.ModelForm):
    """A payment that is planned."""

    amount_eur = AmountField(label=_("Amount, EUR"))
    due_on = DayField(label=_("Due"))

    class Meta:
        model = Payment
        fields = ("name", "amount_eur", "due_on", "after")

    def __init__(self, *args: object, grant: Grant, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"] = forms.ModelChoiceField(
            grant.reports.all(), label=_("After"), required=False, empty_label=_("No report")
        )


class PayForm(forms.Form):
    """That a payment was made."""

    on = DayField(label=_("Paid on"), initial=timezone.localdate)
    bank_reference = forms.CharField(label=_("Reference of the payment"), max_length=80, required=False)
    why_early = forms.CharField(label=_("Why it is paid before the report is accepted"), max_length=300, required=False)


class DayOnlyForm(forms.Form):
    """A day."""

    on = DayField(label=_("On"), initial=timezone.localdate)


class GrantingForm(forms.Form):
    """On which day an award is granted."""

    on = DayField(label=_("Day of granting"), initial=timezone.localdate)


class QuestionsForm(forms.Form):
    """What is asked about a report, and until when it is answered."""

    questions = forms.CharField(label=_("Questions"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    due_on = DayField(label=_("To be answered by"))


class EndForm(forms.Form):
    """An early end of a grant."""

    on = DayField(label=_("Ended on"), initial=timezone.localdate)
    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    kept_eur = AmountField(label=_("What is kept, EUR"), help_text=_("What was paid beyond it is to be paid back."))


class ReportForm(forms.Form):
    """The report: words, money and a file."""

    words = forms.CharField(
        label=_("What was done, and what came of it"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    spent_eur = AmountField(
        label=_("Spent so far, EUR"), required=False, help_text=_("All costs of your part since the start.")
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A list of costs or a report with pictures, up to 10 MB. A new file takes the place of the old."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("words", "spent_eur"):
            self.fields[name].only_when = _("needed to hand it in")  # stands beside the label, in place of "optional"

    def clean_file(self) -> object:
        """Looked through by its content; under a name that any system takes."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        try:
            file.name = clean_name(file.name, kind_of(file, name=file.name, size=file.size))
        except Unfit as fault:
            raise ValidationError(str(fault)) from None
        file.seek(0)
        return file


class OrganisationOfPartForm(forms.Form):
    """Which of the portal's organisations a partner is."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(is_home=False).by_name(), label=_("Organisation"), empty_label=_("Choose")
    )


class GrantFilterForm(forms.Form):
    """What the list of grants is narrowed down to."""

    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    )
    call = forms.ModelChoiceField(
        FundingCall.objects.public().order_by("-deadline"), label=_("Call"), required=False, empty_label=_("All calls")
    )
    status = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: object, states: Iterable[tuple[str, object]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("All")), *states]

    def value_of(self, name: str) -> object:
        """What is asked for; nothing where it was not understood."""
        return self.cleaned_data.get(name) if self.is_bound and not self.errors.get(name) else None
