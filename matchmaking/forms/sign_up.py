"""A participant's own answers: typed by its link, saved as one goes, and complete before it takes part."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from django import forms
from django.core.validators import RegexValidator
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import zones
from matchmaking import links
from matchmaking.actions.sign_up import lacks
from matchmaking.models import Participant, Round, Slot
from members import codes, consents
from members.forms.fields import NOT_CHOSEN, SurveysField
from members.forms.profiles import CodesBoundField, CodesField, StepForm
from members.models import SizeClass
from opportunities.names import NameField


class CodesByLinkBoundField(CodesBoundField):
    """A picker whose search needs no account."""

    @property
    def search_url(self) -> str:
        """Where htmx searches."""
        return reverse("matchmaking:codes", args=[self.form.token, self.field.scheme])


class CodesByLinkField(CodesField):
    """Codes that a participant picks by its link."""

    bound_field_class = CodesByLinkBoundField


class ZoneSelect(forms.Select):
    """Four hundred zones in one go: a template for each of them would take longer than the rest of the page."""

    def render(self, name: str, value: object, attrs: dict | None = None, renderer: object = None) -> SafeString:
        """One group a continent."""
        named = {"name": name, **self.build_attrs(self.attrs, attrs)}
        groups = groupby(zones.names(), key=lambda zone: zone.partition("/")[0])
        inside = [(part, _options(each, value)) for part, each in groups]
        return format_html(
            "<select{}>{}</select>",
            flatatt(named),
            format_html_join("", '<optgroup label="{}">{}</optgroup>', inside),
        )


def _options(names: Iterator[str], chosen: object) -> SafeString:
    rows = ((name, " selected" if name == chosen else "", _town(name)) for name in names)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def _town(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ") or zone


class SlotsBoundField(forms.BoundField):
    """The slots of a round with what is ticked, by session and day on the participant's own clocks."""

    @property
    def groups(self) -> list[dict[str, object]]:
        """One group for each session and day."""
        ticked = {str(pk) for pk in self.value() or ()}
        zone = self.form.profile.zone
        told = [(slot, timezone.localtime(slot.starts_at, zone)) for slot in self.field.slots]
        return [
            {
                "id": session.pk,
                "name": session.name,
                "day": date_format(day, "l j F"),
                "slots": [_choice(slot, at, ticked) for slot, at in each],
            }
            for (session, day), each in groupby(told, key=lambda one: (one[0].session, one[1].date()))
        ]


def _choice(slot: Slot, at: datetime, ticked: set[str]) -> dict[str, object]:
    return {"pk": slot.pk, "time": f"{at:%H:%M}", "is_ticked": str(slot.pk) in ticked}


class SlotsField(forms.TypedMultipleChoiceField):
    """The slots at which one can come."""

    bound_field_class = SlotsBoundField

    def __init__(self, slots: Sequence[Slot], **kwargs: object) -> None:
        self.slots = slots
        choices = [(slot.pk, str(slot.pk)) for slot in slots]
        super().__init__(choices=choices, coerce=int, required=False, template_name="matchmaking/_slots.html", **kwargs)


class NeededMixin:
    """An answer that one can leave for later, though nobody takes part without it."""

    def validate(self, value: object) -> None:
        """Empty is no error as long as nobody takes part."""


class NeededField(NeededMixin, forms.CharField):
    """A text of that kind."""


class NeededNameField(NeededMixin, NameField):
    """A name of that kind."""


def _lines(label: str, help_text: str) -> NeededField:
    return NeededField(label=label, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text)


class SignUpForm(StepForm):
    """Everything in one page: who, what the company offers and looks for, when it can come, what may be shown."""

    use_required_attribute = False
    is_whole = True
    person = NeededNameField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        max_length=40,
        validators=[RegexValidator(r"^\+?[\d ()./-]{5,}$", _("Write digits, such as +372 5555 0101."))],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        help_text=_("Only the cluster team sees it, for the day itself."),
    )
    company = NameField(
        label=_("Company"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    summary = forms.CharField(
        label=_("What you do"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences. They are shown only together with your name."),
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=lambda: [NOT_CHOSEN, *codes.country_choices()]
    )
    town = NameField(label=_("Town"), required=False, max_length=100)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    size_class = forms.ChoiceField(label=_("Size"), required=False, choices=[NOT_CHOSEN, *SizeClass.choices])
    side = forms.ChoiceField(label=_("Your side"), required=False, widget=forms.RadioSelect)
    offers = _lines(_("What you offer"), _("One thing a line. Everybody sees these lines, so leave your name out."))
    seeks = _lines(_("What you look for"), _("One thing a line: customers, partners, suppliers, knowledge."))
    nace_codes = CodesByLinkField(
        "nace", label=_("Activities"), help_text=_("Search by a word such as “machinery”. One to three are enough.")
    )
    languages = CodesByLinkField(
        "languages", label=_("Languages"), help_text=_("Those in which you can hold a meeting.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in zones.names()],
        widget=ZoneSelect,
        help_text=_("All times on your pages are on these clocks."),
    )
    slots = SlotsField([], label=_("When you can come"))
    shows_name = forms.BooleanField(
        label=_("Show our name to the other participants"),
        required=False,
        help_text=_("Name, website and what you do stand on your card. Otherwise only those you meet learn your name."),
    )  # fmt: skip
    keeps_profile = forms.BooleanField(
        label=_("Keep our answers for the next round"),
        required=False,
        help_text=_("The next invitation is filled in already. Otherwise your answers serve this round alone."),
    )  # fmt: skip

    surveys = SurveysField()

    SECTIONS = (
        (_("You"), ("person", "phone")),
        (_("Your company"), ("company", "side", "country", "town", "website", "size_class")),
        (_("Offer and need"), ("offers", "seeks", "summary")),
        (_("Field and languages"), ("nace_codes", "languages")),
        (_("Your time"), ("time_zone", "slots")),
        (_("What may be shown and kept"), ("shows_name", "keeps_profile", "surveys")),
    )

    def __init__(self, *args: object, profile: Participant, **kwargs: object) -> None:
        self.token = links.token_of(profile)
        self._slots = list(profile.round.slots.select_related("session").order_by("starts_at"))
        self._free = self._free_slots(profile)
        self._agreed = bool(consents.given(profile.email, consents.SURVEYS))
        super().__init__(*args, profile=profile, **kwargs)
        round_ = profile.round
        self.fields["slots"] = SlotsField(self._slots, label=_("When you can come"))
        self.fields["side"].choices = [("a", round_.side_a), ("b", round_.side_b)]
        shown = {
            "company": not profile.organisation_id,
            "side": round_.meets == Round.Meets.OTHER_SIDE,
            "slots": bool(self._slots),
        }
        of_page = {name for _title, names in self.SECTIONS for name in names if shown.get(name, True)}
        self.fields = {name: field for name, field in self.fields.items() if name in of_page}

    def _free_slots(self, profile: Participant) -> list[int]:
        away = set(profile.away.values_list("pk", flat=True))
        return [slot.pk for slot in self._slots if slot.pk not in away]

    def saved(self, name: str) -> object:
        """The answer as it is saved now; for the slots, those that are free; for surveys, the address's consent."""
        elsewhere = {"slots": self._free, "surveys": self._agreed}
        return elsewhere[name] if name in elsewhere else super().saved(name)

    def refresh(self) -> None:
        """Reads what was saved anew."""
        elsewhere = {"slots", "surveys"}
        self.profile.refresh_from_db(fields=["status", *(name for name in self.base_fields if name not in elsewhere)])
        self._free = self._free_slots(self.profile)
        self._agreed = bool(consents.given(self.profile.email, consents.SURVEYS))

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.SECTIONS]

    def to_renew(self) -> list[forms.BoundField]:
        """With what follows from another answer: the zone from the country, the times from the zone."""
        follow = {"country": ("time_zone", "slots"), "time_zone": ("slots",)}
        changed = self.changed_answers()
        names = dict.fromkeys(name for cause in follow if cause in changed for name in follow[cause])
        if not names:
            return super().to_renew()
        fresh = type(self)(profile=self.profile)
        following = [fresh[name] for name in names if name in fresh.fields]
        return following + [bound for bound in super().to_renew() if bound.name not in names]

    def insist_on_all(self) -> None:
        """Adds what is missing before the participant can take part."""
        for name, sentence in lacks(self.profile).items():
            if name not in self.errors:
                self.add_error(name, sentence)


class AvailabilityForm(SignUpForm):
    """When one can come, alone."""

    is_whole = False
    SECTIONS = ((_("Your time"), ("time_zone", "slots")),)
