"""What people type about opportunities and sources: parsed and checked here, written by actions."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from members.models import Organisation
from opportunities.models import Feedback, Opportunity, Source
from opportunities.tables import Table
from programme.forms.aims import AimForm
from programme.models import Goal
from programme.suggesting import Suggestion, suggest

# The fields of a table's row, as csv_table.COLUMNS names them.
COLUMNS = {
    "title": _("Title"),
    "summary": _("Summary"),
    "description": _("Description"),
    "kind": _("Kind"),
    "external_id": _("Reference"),
    "organisation": _("Organisation"),
    "countries": _("Country"),
    "target_countries": _("Who may take part (countries)"),
    "codes": _("CPV or NACE codes"),
    "keywords": _("Keywords"),
    "deadline": _("Deadline"),
    "opens_on": _("Opens"),
    "starts_at": _("Starts"),
    "ends_at": _("Ends"),
    "published_on": _("Published"),
    "budget": _("Budget"),
    "currency": _("Currency"),
    "url": _("Link"),
    "language": _("Language"),
    "status": _("State"),
}


# The page that adds a source stands where the page of a source of this name would.
NO_SLUGS = {"new"}


class AnswerForm(forms.Form):
    """One tap, and a sentence if one wants."""

    answer = forms.ChoiceField(
        choices=[
            (kind.value, kind.label)
            for kind in (Feedback.Kind.INTERESTED, Feedback.Kind.SAVED, Feedback.Kind.NOT_FOR_US)
        ]
    )
    reason = forms.ChoiceField(choices=Feedback.Reason.choices, required=False)
    sentence = forms.CharField(max_length=600, required=False)

    def clean(self) -> dict[str, object]:
        """A reason belongs to a "not for us" only."""
        cleaned = super().clean()
        if cleaned.get("answer") != Feedback.Kind.NOT_FOR_US:
            cleaned["reason"] = ""
        return cleaned

    def said(self) -> dict[str, str | None]:
        """The answer as actions take it: a tap without the field for a sentence leaves the sentence as it was."""
        sentence = self.cleaned_data["sentence"] if "sentence" in self.data else None
        return {"kind": self.cleaned_data["answer"], "reason": self.cleaned_data["reason"], "sentence": sentence}


class SentenceForm(forms.Form):
    """What a member that is interested wants the cluster team to know."""

    sentence = forms.CharField(
        label=_("A sentence for the cluster team"),
        help_text=_("What you would want to ask or offer. They take it from there."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CurateForm(AimForm, forms.ModelForm):
    """The manager's word to members, and the goal that it serves to bring it to them."""

    field_order = ("note", "effort_hours")

    class Meta:
        model = Opportunity
        fields = ["note", "effort_hours", "goal", "why_no_goal"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "note": _("Members read it on the card, with your name."),
            "effort_hours": _("How many hours an answer takes. Members with less time see it less."),
        }

    def __init__(self, *args: object, instance: Opportunity, **kwargs: object) -> None:
        super().__init__(*args, instance=instance, suggestion=_suggestion(instance), **kwargs)


class PartnersForm(forms.Form):
    """Whom we look for, in words of our own."""

    words = forms.CharField(
        label=_("Whom you look for"),
        help_text=_("In your own words: the source's text is not ours to show. Leave it empty to take it back."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _suggestion(opportunity: Opportunity) -> Suggestion | None:
    """A goal that names its country or its field, as long as nothing is said."""
    if opportunity.goal_id or opportunity.why_no_goal:
        return None
    nace_codes = [code["code"] for code in opportunity.codes if code["scheme"] == "nace"]
    return suggest(Goal.objects.citable(), countries=opportunity.countries, nace_codes=nace_codes)


class HandOverForm(forms.Form):
    """To whom it goes, and with which words."""

    to = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=Organisation.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    also = forms.ModelChoiceField(
        label=_("Another member"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Nobody else"),
    )
    sentence = forms.CharField(
        label=_("A sentence that goes with it"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: object, members, **kwargs: object) -> None:
        super().__init__(*args, auto_id="hand-over-%s", **kwargs)
        self.fields["to"].queryset = members
        self.fields["also"].queryset = members.order_by("name")

    @property
    def chosen(self) -> set[int]:
        """Who is ticked, when the form is shown again."""
        return {int(pk) for pk in self.data.getlist("to") if pk.isdecimal()} if self.is_bound else set()

    def clean(self) -> dict[str, object]:
        """Somebody must get it."""
        cleaned = super().clean()
        chosen = [*cleaned.get("to", ()), *filter(None, [cleaned.get("also")])]
        if not chosen:
            self.errors.pop("to", None)
            raise ValidationError(_("Choose at least one member, then hand it over."))
        return cleaned | {"to": list(dict.fromkeys(chosen))}


class SourceForm(forms.ModelForm):
    """A source: a name, a format, and an address if the portal is to read it by itself."""

    url = forms.URLField(
        label=_("Address"),
        required=False,
        assume_scheme="https",
        max_length=1000,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("The portal reads it on its schedule. Leave it empty for files that you upload."),
    )

    class Meta:
        model = Source
        fields = ["name", "format", "url", "schedule", "may_be_public"]
        help_texts = {"schedule": _("It counts when there is an address. Without one, a file is read when you add it.")}

    def clean_name(self) -> str:
        """The name gives the address of the source's page."""
        name = self.cleaned_data["name"]
        slug = slugify(name)[:60]
        if not slug:
            raise ValidationError(_("Use letters or digits in the name."))
        slug = f"{slug}-source" if slug in NO_SLUGS else slug
        if Source.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a source of this name already."))
        if not self.instance.slug:
            self.instance.slug = slug
        return name


class UploadForm(forms.Form):
    """One or more files for a source."""

    file = forms.FileField(label=_("File"))

    def clean_file(self):
        """Refuses what is larger than the portal reads."""
        file = self.cleaned_data["file"]
        limit = settings.UPLOAD_LIMIT_MB * 1024 * 1024
        if file.size > limit:
            raise ValidationError(
                _("This file has %(size)s. Up to %(limit)s can be read: split it."),
                params={"size": filesizeformat(file.size), "limit": f"{settings.UPLOAD_LIMIT_MB} MB"},
            )
        return file


class MappingForm(forms.Form):
    """Which column of a table means what. Confirmed once, remembered by the source."""

    def __init__(self, *args: object, table: Table, **kwargs: object) -> None:
        super().__init__(*args, initial=table.initial, **kwargs)
        self.header = table.columns
        choices = [("", _("Leave out")), *COLUMNS.items()]
        for number, (column, example) in enumerate(zip(table.columns, table.examples, strict=True)):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column or _("Column %(n)s") % {"n": number + 1},
                help_text=escape(example[:120]),  # a help text is markup, and this is what somebody's file holds
                choices=choices,
                required=False,
            )

    def clean(self) -> dict[str, object]:
        """A title is needed, and nothing twice."""
        cleaned = super().clean()
        chosen = [field for field in cleaned.values() if field]
        if "title" not in chosen:
            raise ValidationError(_("Say which column holds the title."))
        if doubled := {field for field in chosen if chosen.count(field) > 1}:
            names = ", ".join(str(COLUMNS[field]) for field in sorted(doubled))
            raise ValidationError(_("Two columns are both: %(names)s."), params={"names": names})
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Column of the table -> field of the record."""
        chosen = ((self.header[int(name.rpartition("_")[2])], field) for name, field in self.cleaned_data.items())
        return {column: field for column, field in chosen if field}
