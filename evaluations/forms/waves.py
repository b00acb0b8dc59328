"""What a manager types to set a wave up, and to give it more time."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import codelists
from evaluations import groups
from evaluations.models import QuestionnaireVersion, Wave
from matchmaking.models import Round
from members import codes
from members.models import Organisation, SizeClass

TYPED = "%Y-%m-%dT%H:%M"
USUAL_DAYS = 14
BOXES = forms.CheckboxSelectMultiple


class LastMomentField(forms.DateTimeField):
    """A day and a time on the portal's own clocks, in the future."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED)

    def validate(self, value: datetime | None) -> None:
        """What has passed is no last moment."""
        super().validate(value)
        if value and value <= timezone.now():
            raise forms.ValidationError(_("This time has passed. Choose a later one."))


class _VersionField(forms.ModelChoiceField):
    def label_from_instance(self, version: QuestionnaireVersion) -> str:
        return str(version)


class WaveForm(forms.ModelForm):
    """A wave on one page."""

    version = _VersionField(
        QuestionnaireVersion.objects.none(),
        label=_("Questionnaire"),
        empty_label=None,
        help_text=_("Only published versions: what is asked never changes while a wave runs."),
    )
    round = forms.ModelChoiceField(
        Round.objects.none(),
        label=_("Round"),
        required=False,
        empty_label=_("Not chosen"),
        help_text=_("Whoever took part in it is asked, guests too."),
    )
    closes_at = LastMomentField(label=_("Open until"), help_text=_("You can give more time later, never less."))
    sizes = forms.MultipleChoiceField(
        label=_("Only these sizes"), choices=SizeClass.choices, required=False, widget=BOXES
    )
    countries = forms.MultipleChoiceField(label=_("Only these countries"), required=False, widget=BOXES)
    sections = forms.MultipleChoiceField(label=_("Only these sectors"), required=False, widget=BOXES)

    class Meta:
        model = Wave
        fields = (
            "name", "version", "population", "round", "closes_at", "sizes", "countries", "sections",
            "fewest_in_house", "fewest_in_public", "note",
        )  # fmt: skip
        widgets = {"population": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "name": _("As it stands above the results, with the year."),
            "fewest_in_house": _("Groups with fewer answers are hidden. You can only raise this."),
            "fewest_in_public": _("The same for reports that leave the house."),
            "note": _("Stands beside the figures: what a reader must know of how this wave was done."),
        }
        error_messages = {"name": {"unique": _("There is a wave of this name already. Add the year.")}}

    SECTIONS = (
        (_("What and until when"), ("name", "version", "closes_at")),
        (_("Who is asked"), ("population", "round")),
    )
    FOLDED = (
        (_("Only some of them"), ("sizes", "countries", "sections")),
        (_("Thresholds and note"), ("fewest_in_house", "fewest_in_public", "note")),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        published = QuestionnaireVersion.objects.filter(status=QuestionnaireVersion.Status.PUBLISHED)
        self.fields["version"].queryset = published.select_related("questionnaire").order_by(
            "questionnaire__name", "-number"
        )
        self.fields["round"].only_when = _("only for a round")
        self.fields["round"].queryset = Round.objects.exclude(status=Round.Status.PLANNED).order_by("-created_at")
        self.fields["countries"].choices = _countries(self.instance.countries)
        self.fields["sections"].choices = groups.sections()
        if not self.instance.pk:
            evening = datetime.combine(timezone.localdate() + timedelta(days=USUAL_DAYS), time(18))
            self.initial["closes_at"] = evening

    def sections_shown(self) -> Iterator[dict[str, object]]:
        """The fields in their order, under headings."""
        for title, names in self.SECTIONS:
            yield {"title": title, "fields": [self[name] for name in names]}

    def folded(self) -> Iterator[dict[str, object]]:
        """What is left as it is most often, open where something is set or wrong."""
        usual = {"fewest_in_house", "fewest_in_public"}
        for title, names in self.FOLDED:
            is_set = any(self[name].value() for name in names if name not in usual)
            is_open = is_set or any(name in self.errors for name in names)
            yield {"title": title, "fields": [self[name] for name in names], "is_open": is_open}

    def clean(self) -> dict[str, object]:
        """A round belongs to its participants, and to nobody else."""
        cleaned = super().clean()
        if cleaned.get("population") == Wave.Population.ROUND:
            if not cleaned.get("round") and "round" not in self.errors:
                self.add_error("round", _("Choose the round whose participants are asked."))
        else:
            cleaned["round"] = None
        return cleaned


def _countries(chosen: list[str]) -> list[tuple[str, str]]:
    """The countries that there are among members and guests we know, and those that were chosen before."""
    known = {*Organisation.objects.exclude(country="").order_by().values_list("country", flat=True).distinct(), *chosen}
    return codes.in_order({code: codelists.countries().get(code, code) for code in known})


class MoreTimeForm(forms.Form):
    """A later last day of a wave that runs."""

    closes_at = LastMomentField(label=_("Open until"), help_text=_("Who has not answered gets a mail that says so."))
