"""What an organiser types to set a round up: its rules, its deadlines, its programme."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core import zones
from core.clocks import moment_in
from core.forms import ClockField, typed_moment
from core.numbers import whole_number
from matchmaking.models import Round, Session
from programme.forms.aims import AimForm

MOST_TABLES = 400
MODES = {
    Round.Mode.BALLOTS: _("Everybody marks whom they must or would like to meet. You make the timetable."),
    Round.Mode.REQUESTS: _("They ask each other for a slot. Each yes is a meeting; silence ends a request."),
    Round.Mode.BOTH: _("They ask each other first. Then you fill the free slots from the ballots."),
}


def _explained(choices: dict[str, object], told: dict[str, object]) -> list[tuple[str, str]]:
    return [
        (value, format_html("<span><strong>{}</strong><br>{}</span>", label, told[value])) for value, label in choices
    ]


class RoundForm(AimForm, forms.ModelForm):
    """A round in one page."""

    SECTIONS = (
        (_("What and why"), ("name", "aim", "goal", "why_no_goal"), ()),
        (_("Where"), ("place", "venue", "time_zone"), ()),
        (
            _("By which rules"),
            ("mode", "meets", "quota", "minimum"),
            ("side_a", "side_b", "most_in_a_row", "request_hours", "requests_at_once"),
        ),
        (_("Deadlines"), ("register_until", "choose_until"), ()),
    )

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name.replace("_", " ")) for name in zones.names()],
        initial=settings.TIME_ZONE,
        help_text=_("Every time here is on these clocks. Participants see their own."),
    )
    register_until = ClockField(
        label=_("Sign up until"), help_text=_("Invited companies say yes or no, and tell what they offer and seek.")
    )
    choose_until = ClockField(
        label=_("Choose until"), help_text=_("Until then they fill in ballots or ask each other. Then the timetable.")
    )

    class Meta:
        model = Round
        fields = (
            "name", "aim", "place", "venue", "time_zone", "mode", "meets", "side_a", "side_b", "quota", "minimum",
            "most_in_a_row", "request_hours", "requests_at_once", "register_until", "choose_until",
            "goal", "why_no_goal",
        )  # fmt: skip
        widgets = {
            "aim": forms.Textarea(attrs={"rows": 2}),
            "place": forms.RadioSelect,
            "meets": forms.RadioSelect,
        }
        help_texts = {
            "name": _("As it stands in every mail, with the place or the year."),
            "aim": _("One sentence: what should come out for the companies?"),
            "venue": _("House, street and town. Leave it empty for a round that is online."),
            "side_a": _("Only when “the other side” is chosen for who may meet. For example: buyers."),
            "side_b": _("For example: suppliers."),
            "quota": _("You can change it for one participant later."),
            "minimum": _("The timetable sees to it that nobody has fewer, where that is possible."),
            "most_in_a_row": _("Leave it empty when breaks in the programme are enough."),
            "request_hours": _("Only for requests: without an answer by then, a request ends and the slot is free."),
            "requests_at_once": _("Only for requests: how many of them may wait for an answer."),
        }
        error_messages = {"name": {"unique": _("There is a round of this name already. Add the year or the place.")}}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # Validation writes what was typed on the instance.
        self.before = {name: getattr(self.instance, name) for name in ("register_until", "choose_until")}
        self.fields["mode"] = forms.ChoiceField(
            label=_("How meetings come about"),
            choices=_explained(Round.Mode.choices, MODES),
            widget=forms.RadioSelect,
            initial=Round.Mode.BALLOTS,
        )
        for name, days in (("register_until", 28), ("choose_until", 35)):
            at = getattr(self.instance, name)
            in_the_evening = datetime.combine(timezone.localdate() + timedelta(days=days), time(18))
            self.initial[name] = at.astimezone(self.instance.zone).replace(tzinfo=None) if at else in_the_evening

    def sections(self) -> Iterator[dict[str, object]]:
        """The fields in their order, under headings; some are folded away as long as nothing is wrong with them."""
        for title, names, folded in self.SECTIONS:
            yield {
                "title": title,
                "fields": [self[name] for name in names],
                "folded": [self[name] for name in folded],
                "is_open": any(name in self.errors for name in folded) or self["side_a"].value(),
            }

    def clean(self) -> dict[str, object]:
        """What must fit together."""
        cleaned = super().clean()
        self._check_sides(cleaned)
        if cleaned.get("minimum", 0) > cleaned.get("quota", 0) > 0:
            self.add_error("minimum", _("Fewer than the most: lower this, or raise the number above."))
        # A zone that is no zone is told of at its own field.
        zone = cleaned.get("time_zone") or settings.TIME_ZONE
        for name in ("register_until", "choose_until"):
            if name in cleaned:
                self._set_moment(cleaned, name, zone)
        register, choose = cleaned.get("register_until"), cleaned.get("choose_until")
        if register and choose and register > choose:
            self.add_error("register_until", _("Sign-up ends before choosing does, or at the same time."))
        first = self.instance.slots.order_by("starts_at").first() if self.instance.pk else None
        if choose and first and choose > first.starts_at:
            words = {"at": moment_in(first.starts_at, zone)}
            self.add_error("choose_until", _("The first meeting begins %(at)s. Let choosing end before it.") % words)
        return cleaned

    def _check_sides(self, cleaned: dict[str, object]) -> None:
        if cleaned.get("meets") != Round.Meets.OTHER_SIDE:
            cleaned["side_a"] = cleaned["side_b"] = ""
            return
        for name in ("side_a", "side_b"):
            if not cleaned.get(name):
                self.add_error(name, _("Name both sides, for example buyers and suppliers."))
        if cleaned.get("side_a") and str(cleaned["side_a"]).lower() == str(cleaned.get("side_b")).lower():
            self.add_error("side_b", _("Give the two sides different names."))

    def _set_moment(self, cleaned: dict[str, object], name: str, zone: str) -> None:
        try:
            at = cleaned[name] = typed_moment(cleaned[name], zone)
        except ValidationError as fault:
            self.add_error(name, fault)
            return
        is_new = at != self.before.get(name)
        if is_new and at <= timezone.now():
            self.add_error(name, _("This time has passed. Choose a later one."))


class WordsForm(AimForm, forms.ModelForm):
    """What can still be said otherwise when people hold their timetable in hands."""

    field_order = ("name", "aim", "venue")

    class Meta(RoundForm.Meta):
        fields = ("name", "aim", "venue", "goal", "why_no_goal")
        widgets = {"aim": forms.Textarea(attrs={"rows": 2})}

    def sections(self) -> Iterator[dict[str, object]]:
        """All of it under one heading."""
        yield {"title": _("What and where"), "fields": list(self), "folded": [], "is_open": False}


class SessionForm(forms.Form):
    """A part of the programme, typed on the round's clocks."""

    kind = forms.ChoiceField(
        label=_("What"), choices=Session.Kind, widget=forms.RadioSelect, initial=Session.Kind.MEETINGS
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("For example: Morning meetings, or Lunch.")
    )
    slot_minutes = forms.IntegerField(label=_("Minutes a meeting"), min_value=5, max_value=240, initial=20)
    pause_minutes = forms.IntegerField(
        label=_("Minutes between meetings"),
        min_value=0,
        max_value=60,
        initial=5,
    )

    def __init__(self, *args: object, round_: Round, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_
        there = list(round_.sessions.order_by("ends_at"))
        self.initial |= _after(there, round_) if there else _first(round_)

    def clean(self) -> dict[str, object]:
        """The two moments that are meant."""
        cleaned = super().clean()
        day = cleaned.get("day")
        for name, at in (("begins", "starts_at"), ("ends", "ends_at")):
            if isinstance(day, date) and (clock := cleaned.get(name)) is not None:
                try:
                    cleaned[at] = typed_moment(datetime.combine(day, clock), self.round.time_zone)
                except ValidationError as fault:
                    self.add_error(name, fault)
        if "starts_at" in cleaned and "ends_at" in cleaned and cleaned["starts_at"] >= cleaned["ends_at"]:
            self.add_error("ends", _("A session ends after it begins, on the same day."))
        elif cleaned.get("starts_at", timezone.now()) < timezone.now():
            self.add_error("day", _("This day has passed. Choose a later one."))
        return cleaned

    def facts(self) -> dict[str, object]:
        """As the action takes them."""
        asked = ("kind", "starts_at", "ends_at", "slot_minutes", "pause_minutes")
        kind = Session.Kind(self.cleaned_data["kind"])
        return {name: self.cleaned_data[name] for name in asked} | {
            "name": self.cleaned_data["name"] or str(kind.label)
        }


def _first(round_: Round) -> dict[str, object]:
    day = (round_.choose_until.astimezone(round_.zone) + timedelta(days=7)).date()
    return {"day": day, "begins": time(9), "ends": time(12)}


def _after(sessions: list[Session], round_: Round) -> dict[str, object]:
    """What is added next mostly follows what is there, and is cut as the meetings before it."""
    ends_at = sessions[-1].ends_at.astimezone(round_.zone)
    meetings = [each for each in sessions if each.kind == Session.Kind.MEETINGS][-1:]
    cut = {name: getattr(each, name) for each in meetings for name in ("slot_minutes", "pause_minutes")}
    return {"day": ends_at.date(), "begins": ends_at.time()} | cut


class TablesForm(forms.Form):
    """How many meetings there can be at a time, and where."""

    number = forms.IntegerField(
        label=_("Number of tables"),
        min_value=1,
        max_value=MOST_TABLES,
        help_text=_("As many meetings can take place at a time. Online, each table is a video room."),
    )
    rooms = forms.CharField(
        label=_("Rooms"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line with its number of tables, for example: Main hall: 24. One room needs no number."),
    )
    links = forms.CharField(
        label=_("Video links"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line for each table, or one for all of them with {number} in it."),
    )

    def __init__(self, *args: object, round_: Round, **kwargs: object) -> None:
        super().__init__(*args, initial=_as_typed(round_), **kwargs)
        for name, needless in (("rooms", Round.Place.ONLINE), ("links", Round.Place.ON_SITE)):
            if round_.place == needless:
                del self.fields[name]

    def clean_rooms(self) -> list[str]:
        """The room of each table."""
        lines = [line.strip() for line in self.cleaned_data["rooms"].splitlines() if line.strip()]
        number = self.cleaned_data.get("number")
        if not lines or not number:
            return []
        if len(lines) == 1 and not lines[0].rpartition(":")[2].strip().isdecimal():
            return _checked_rooms([lines[0].rstrip(":")] * number)
        found: list[str] = []
        for line in lines:
            room, mark, count = line.rpartition(":")
            tables = whole_number(count.strip())
            if not mark or not tables or not room.strip() or tables > MOST_TABLES:
                raise ValidationError(
                    _("Write the number of tables behind “%(line)s”, as in “Main hall: 24”."),
                    params={"line": line[:60]},
                )
            found += [room.strip()] * tables
        if len(found) != number:
            raise ValidationError(
                _("The rooms hold %(held)s tables, and you want %(number)s. Change one of the two."),
                params={"held": len(found), "number": number},
            )
        return _checked_rooms(found)

    def clean_links(self) -> list[str]:
        """The link of each table."""
        lines = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        number = self.cleaned_data.get("number")
        if not lines or not number:
            return []
        if len(lines) == 1 and "{number}" in lines[0]:
            lines = [lines[0].replace("{number}", str(n)) for n in range(1, number + 1)]
        if len(lines) != number:
            raise ValidationError(
                _("There are %(links)s links for %(number)s tables. Give one a table, or one with {number} in it."),
                params={"links": len(lines), "number": number},
            )
        check = URLValidator(schemes=["http", "https"])
        for at, line in enumerate(lines, start=1):
            try:
                check(line)
            except ValidationError:
                raise ValidationError(
                    _("Line %(line)s is no web address. It begins with https://."), params={"line": at}
                ) from None
            if len(line) > 500:
                raise ValidationError(_("The link of line %(line)s is too long."), params={"line": at})
        return lines

    def tables(self) -> list[tuple[str, str]]:
        """Room and link of each table, by its number."""
        number = self.cleaned_data["number"]
        rooms = self.cleaned_data.get("rooms") or [""] * number
        links = self.cleaned_data.get("links") or [""] * number
        return list(zip(rooms, links, strict=True))


def _checked_rooms(rooms: list[str]) -> list[str]:
    if any(len(room) > 80 for room in rooms):
        raise ValidationError(_("Use up to 80 letters for the name of a room."))
    return rooms


def _as_typed(round_: Round) -> dict[str, object]:
    """The tables as they are, in the form's own words."""
    tables = list(round_.tables.order_by("number"))
    if not tables:
        return {"number": 10}
    rooms: list[list[object]] = []
    for table in tables:
        if rooms and rooms[-1][0] == table.room:
            rooms[-1][1] += 1
        else:
            rooms.append([table.room, 1])
    lines = [f"{room}: {count}" for room, count in rooms if room]
    links = [table.link for table in tables]
    return {"number": len(tables), "rooms": "\n".join(lines), "links": "\n".join(links) if any(links) else ""}


class SentenceForm(forms.Form):
    """A sentence that goes to those concerned, as it is written."""

    why = forms.CharField(label=_("A sentence to them"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, is_needed: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = is_needed
