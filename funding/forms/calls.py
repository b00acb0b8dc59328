"""What the secretary types to set a call up, and to change what may change once it is published."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import zones
from core.forms import ClockField
from funding.actions import calls as actions
from funding.forms.fields import BOXES, LinesField, NamedLinesField, day_field, moments
from funding.models import FundingCall
from funding.starts import Start
from members.models import Organisation

MOMENTS = ("opens_at", "deadline", "review_until")
# Days from now at which the moments of a new call are proposed, and the hour.
PROPOSED = {"opens_at": (14, 9), "deadline": (70, 13), "review_until": (105, 18)}
GRANTING_DAYS = 125
MOST_PARTNERS, MOST_MONTHS = 100, 240


class CallForm(forms.ModelForm):
    """The basics of a call on one page."""

    SECTIONS = (
        (_("What and why"), ("name", "code", "aim", "text", "contact_email")),
        (_("When"), ("time_zone", "opens_at", "deadline", "review_until", "granting_on", "appeal_days")),
        (
            _("Who can apply"),
            ("lead_kinds", "least_organisations", "most_organisations", "least_countries", "least_smes",
             "one_consortium_only", "shortest_months", "longest_months"),
        ),
        (_("What is paid"), ("activities", "categories")),
        (_("How it is judged"), ("reviews_each", "is_blind")),
    )  # fmt: skip

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name.replace("_", " ")) for name in zones.names()],
        initial=settings.TIME_ZONE,
        help_text=_("Every time here is on these clocks. Applicants see the zone beside it."),
    )
    opens_at = ClockField(label=_("Opens"), help_text=_("From then on applications can be written."))
    deadline = ClockField(label=_("Deadline"), help_text=_("Kept to the second. You can move it later, never earlier."))
    review_until = ClockField(label=_("Reviews until"), required=False)
    granting_on = day_field(label=_("Planned day of granting"), help_text=_("De minimis aid is counted on this day."))
    lead_kinds = forms.MultipleChoiceField(
        label=_("Who may lead"), choices=Organisation.Kind.choices, widget=BOXES, required=False,
        help_text=_("None chosen: everybody may."),
    )  # fmt: skip
    activities = LinesField(
        label=_("What projects may do, one a line"), required=False,
        help_text=_("Each funder can pay for all of it or for some."),
    )  # fmt: skip
    categories = NamedLinesField(
        label=_("Cost categories, one a line"), required=False,
        help_text=_("The rows of each partner's budget. Behind a colon: what belongs there."),
    )  # fmt: skip

    class Meta:
        model = FundingCall
        fields = (
            "name", "code", "aim", "text", "contact_email", "time_zone", "opens_at", "deadline", "review_until",
            "granting_on", "appeal_days", "least_organisations", "most_organisations", "least_countries", "least_smes",
            "lead_kinds", "one_consortium_only", "shortest_months", "longest_months", "is_blind", "reviews_each",
        )  # fmt: skip
        widgets = {"aim": forms.Textarea(attrs={"rows": 2}), "text": forms.Textarea(attrs={"rows": 12})}
        help_texts = {
            "name": _("As it stands in every mail, with the year."),
            "text": _("What it is for, whom it is for, what is paid. Rules, dates and questions are shown beside it."),
            "appeal_days": _("So many days after the decision somebody can object."),
            "one_consortium_only": _("Nobody can be a partner in two applications."),
            "is_blind": _("Names and answers that tell who applies are hidden from them."),
        }
        error_messages = {
            "name": {"unique": _("There is a call of this name already. Add the year.")},
            "code": {"unique": _("There is a call with this short name already.")},
        }

    def __init__(self, *args: object, start: Start | None = None, sender: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.seen = actions.mark_of_call(self.instance) if self.instance.pk else ""
        self.before = {name: getattr(self.instance, name) for name in MOMENTS}
        self.fields["code"].validators.append(
            RegexValidator("^[A-Za-z][A-Za-z0-9]+$", _("Use letters and digits, beginning with a letter: BWX27."))
        )
        limits = {"most_organisations": (1, MOST_PARTNERS), "least_organisations": (1, MOST_PARTNERS)}
        limits |= {"least_countries": (1, 30), "least_smes": (0, MOST_PARTNERS)}
        limits |= {"shortest_months": (1, MOST_MONTHS), "longest_months": (1, MOST_MONTHS)}
        for name, (least, most) in limits.items():
            self.fields[name] = forms.IntegerField(
                label=self.fields[name].label, min_value=least, max_value=most, required=self.fields[name].required
            )
        if self.instance.pk:
            self._fill_in()
        else:
            self._propose(start, sender)

    def _fill_in(self) -> None:
        for name, at in self.before.items():
            self.initial[name] = at.astimezone(self.instance.zone).replace(tzinfo=None) if at else None
        self.initial["activities"] = actions.activities_of(self.instance)
        self.initial["categories"] = actions.categories_of(self.instance)

    def _propose(self, start: Start | None, sender: str) -> None:
        today = timezone.localdate()
        for name, (days, hour) in PROPOSED.items():
            self.initial[name] = datetime.combine(today + timedelta(days=days), time(hour))
        self.initial |= {"granting_on": today + timedelta(days=GRANTING_DAYS), "contact_email": sender}
        if start:
            basics = {name: value for name, value in start.basics.items() if value not in (None, "")}
            self.initial |= basics | {"activities": start.activities, "categories": start.categories}

    def sections(self) -> Iterator[dict[str, object]]:
        """The fields in their order, under headings."""
        for title, names in self.SECTIONS:
            yield {"title": title, "fields": [self[name] for name in names]}

    def clean_code(self) -> str:
        """References are read aloud: no small letters."""
        code = self.cleaned_data["code"].upper()
        if FundingCall.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a call with this short name already."))
        return code

    def clean(self) -> dict[str, object]:
        """What must fit together."""
        cleaned = super().clean()
        moments(self, MOMENTS, cleaned.get("time_zone") or settings.TIME_ZONE, self.before)
        self._in_order("opens_at", "deadline", _("The deadline comes after the call opens."))
        self._in_order("deadline", "review_until", _("Reviews begin after the deadline: choose a later time."))
        last = cleaned.get("review_until") or cleaned.get("deadline")
        granting = cleaned.get("granting_on")
        if last and granting and granting <= last.date():
            self.add_error("granting_on", _("Decisions come after the reviews: choose a later day."))
        self._in_order(
            "least_organisations",
            "most_organisations",
            _("This is lower than the least. Raise it, or lower the least."),
        )
        self._in_order(
            "shortest_months", "longest_months", _("This is lower than the least. Raise it, or lower the least.")
        )
        most = cleaned.get("most_organisations") or MOST_PARTNERS
        for name in ("least_countries", "least_smes"):
            if (cleaned.get(name) or 0) > most:
                self.add_error(name, _("There are fewer organisations than that. Lower it, or allow more of them."))
        return cleaned

    def _in_order(self, first: str, second: str, sentence: str) -> None:
        low, high = self.cleaned_data.get(first), self.cleaned_data.get(second)
        if low is None or high is None:
            return
        if low > high or (isinstance(low, datetime) and low == high):
            self.add_error(second, sentence)

    def facts(self) -> dict[str, object]:
        """As the action takes them."""
        return dict(self.cleaned_data)
