"""Planning an activity: the whole of it on one page, its words alone, and its hosts."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import zones
from core.forms import ClockField, ask_to_choose, typed_moment
from core.marks import mark_of
from members import codes
from members.models import Organisation
from programme.forms.aims import AimForm
from programme.models import Activity, Goal, Host, WayAbroad

CLOCKS = ("starts_at", "ends_at", "register_until")
# An activity is planned some years ahead at most; calendars end, and so do the clocks of zones.
FURTHEST = timedelta(days=3660)


class ActivityForm(AimForm, forms.ModelForm):
    """An activity on one page, which carries the mark of what it showed. Times are typed on the clocks of its zone."""

    SECTIONS = (
        (_("What and why"), ("name", "kind", "aim", "ways_abroad", "text")),
        (_("When and where"), ("time_zone", "starts_at", "ends_at", "country", "venue")),
        (_("Who comes"), ("register_until", "places", "lead")),
        (_("What it costs a participant"), ("cost_eur", "support_eur")),
        (_("What it takes from the cluster"), ("hours", "money_eur", "goal", "why_no_goal")),
    )

    ways_abroad = forms.MultipleChoiceField(
        label=_("Ways abroad"),
        choices=WayAbroad,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The best results combine several."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name.replace("_", " ")) for name in zones.names()],
        initial=settings.TIME_ZONE,
        help_text=_("Every time of this activity is on these clocks."),
    )
    starts_at = ClockField(label=_("From"))
    ends_at = ClockField(label=_("To"))
    register_until = ClockField(label=_("Sign up until"))
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=lambda: [("", _("Online")), *codes.country_choices()]
    )
    lead = forms.ModelChoiceField(
        label=_("Led by"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("No company yet"),
        help_text=_("A member company. Its owners and editors write the programme and see who comes."),
    )

    class Meta:
        model = Activity
        fields = (
            "name", "kind", "aim", "ways_abroad", "text", "starts_at", "ends_at", "time_zone", "venue", "country",
            "register_until", "places", "cost_eur", "support_eur", "lead", "hours", "money_eur", "goal", "why_no_goal",
        )  # fmt: skip
        widgets = {"aim": forms.Textarea(attrs={"rows": 2}), "text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "name": _("With the place or the year, as it stands in every list."),
            "aim": _("One sentence: what should come out for the companies?"),
            "text": _("Everybody can read it."),
            "venue": _("House, street and town; or the address of the video room."),
            "places": _("Empty: as many as like to come. Who comes later waits for a place."),
        }
        error_messages = {
            "name": {"unique": _("There is an activity of this name already. Add the place or the year.")}
        }

    def __init__(self, *args: object, like: Activity | None = None, **kwargs: object) -> None:
        super().__init__(*args, initial=_again(like) if like else None, **kwargs)
        ask_to_choose(self, "kind")
        self.seen = mark_of(self.instance)
        self.before = {name: getattr(self.instance, name) for name in CLOCKS}
        zone = self.instance.zone if self.instance.pk else None
        for name, at in self.before.items():
            if at:
                self.initial[name] = at.astimezone(zone).replace(tzinfo=None)
            else:
                self.initial.setdefault(name, _proposed(name))
        now = self.instance.lead_id
        members = Organisation.objects.filter(is_member=True, is_home=False) | Organisation.objects.filter(pk=now)
        self.fields["lead"].queryset = members.order_by("name")

    def sections(self) -> Iterator[dict[str, object]]:
        """The fields in their order, under headings."""
        for title, names in self.SECTIONS:
            yield {"title": title, "fields": [self[name] for name in names]}

    def clean(self) -> dict[str, object]:
        """What must fit together."""
        cleaned = super().clean()
        # A zone that is no zone is told of at its own field.
        zone = cleaned.get("time_zone") or settings.TIME_ZONE
        for name in CLOCKS:
            if name in cleaned:
                self._set_moment(cleaned, name, zone)
        starts, ends, until = (cleaned.get(name) for name in CLOCKS)
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It would end before it begins. Choose a later time, or an earlier beginning."))
        elif until and ends and until > ends:
            self.add_error("register_until", _("Sign-up would end after the activity. Choose an earlier time."))
        if (cleaned.get("support_eur") or 0) > (cleaned.get("cost_eur") or 0):
            self.add_error("support_eur", _("The cluster pays at most what it costs. Lower this, or raise the cost."))
        return cleaned

    def _set_moment(self, cleaned: dict[str, object], name: str, zone: str) -> None:
        typed, today = cleaned[name], timezone.now().replace(tzinfo=None)
        if abs(typed - today) > FURTHEST:
            self.add_error(name, _("Choose a day within ten years."))
            return
        try:
            at = cleaned[name] = typed_moment(typed, zone)
        except ValidationError as fault:
            self.add_error(name, fault)
            return
        if at != self.before[name] and at <= timezone.now():
            self.add_error(name, _("This time has passed. Choose a later one."))


def _proposed(name: str) -> datetime:
    """Office hours in two months, and three weeks before them to sign up."""
    days, hour = {"starts_at": (60, 9), "ends_at": (60, 16), "register_until": (39, 18)}[name]
    return datetime.combine(timezone.localdate() + timedelta(days=days), time(hour))


def _again(activity: Activity) -> dict[str, object]:
    """The same once more, on the same weekday and clocks, two months from now or later; a goal that holds still."""
    said = forms.model_to_dict(activity, fields=ActivityForm.Meta.fields)
    if not Goal.objects.citable().filter(pk=activity.goal_id).exists():
        said["goal"] = None
    begins = activity.starts_at.astimezone(activity.zone).date()
    weeks = max(1, -(-(_proposed("starts_at").date() - begins).days // 7))
    for name in CLOCKS:
        at = getattr(activity, name).astimezone(activity.zone).replace(tzinfo=None)
        said[name] = at + timedelta(weeks=weeks)
    return said


class WordsForm(forms.ModelForm):
    """What the company that leads writes, too."""

    class Meta:
        model = Activity
        fields = ("text", "results")
        widgets = {"text": forms.Textarea(attrs={"rows": 10}), "results": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "text": _("Everybody can read it."),
            "results": _("Contacts, offers, agreements: what the companies came home with. Everybody can read it."),
        }


class WhyForm(forms.Form):
    """The words that go to everybody on the list, as they are written."""

    why = forms.CharField(
        label=_("Your words to them"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They stand on the public page, too: everybody can read them."),
    )


class HostForm(forms.ModelForm):
    """A partner organisation and what it does."""

    class Meta:
        model = Host
        fields = ("organisation", "does")
        labels = {"organisation": _("Partner organisation")}
        help_texts = {"does": _("For example: invites the buyers, lends the room.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        partners = Organisation.objects.filter(is_member=False, is_home=False)
        self.fields["organisation"].queryset = partners.order_by("name")
        self.fields["organisation"].empty_label = _("Choose one")
