"""Fields that the forms of a call share: lists with one entry a line, shares in per cent, regions, dates on clocks."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import codelists
from core.forms import typed_moment
from members import codes
from members.models import listed

BOXES = forms.CheckboxSelectMultiple
SLIP = Decimal(10**9)  # more is a slip of the keyboard


class LinesField(forms.CharField):
    """A list of short texts, one a line, none of them twice."""

    def __init__(self, *, most_lines: int = 40, longest: int = 120, rows: int = 5, **options: object) -> None:
        self.most_lines, self.longest = most_lines, longest
        super().__init__(max_length=20_000, widget=forms.Textarea(attrs={"rows": rows}), **options)

    def prepare_value(self, value: object) -> object:
        """A list as lines; what was typed as it is."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: object) -> list[str]:
        """The lines."""
        lines = listed(super().clean(value))
        if len(lines) > self.most_lines:
            raise ValidationError(
                _("%(n)s lines. Keep to %(most)s."), params={"n": len(lines), "most": self.most_lines}
            )
        seen: set[str] = set()
        for line in lines:
            if len(line) > self.longest:
                raise ValidationError(
                    _("“%(line)s…” is longer than %(most)s characters."),
                    params={"line": line[:30], "most": self.longest},
                )
            if self.key_of(line) in seen:
                raise ValidationError(_("“%(line)s” is there twice."), params={"line": line})
            seen.add(self.key_of(line))
        return lines

    def key_of(self, line: str) -> str:
        """What two lines may not have in common."""
        return line.casefold()


class NamedLinesField(LinesField):
    """Lines of a name and, behind a colon, words about it."""

    def __init__(self, *, longest_name: int = 120, longest_words: int = 300, **options: object) -> None:
        super().__init__(longest=longest_name + longest_words + 2, **options)
        self.longest_name, self.longest_words = longest_name, longest_words

    def prepare_value(self, value: object) -> object:
        """Pairs as lines."""
        if isinstance(value, list):
            return "\n".join(": ".join(filter(None, pair)) for pair in value)
        return value

    def clean(self, value: object) -> list[tuple[str, str]]:
        """Pairs of a name and words, which may be blank."""
        pairs = []
        for line in super().clean(value):
            name, words = (part.strip() for part in line.partition(":")[::2])
            pairs.append((name, words))
            if not name:
                raise ValidationError(_("Begin each line with a name, as in “Travel: journeys and nights”."))
            if len(name) > self.longest_name or len(words) > self.longest_words:
                raise ValidationError(
                    _("“%(name)s…” is too long: %(most)s characters before the colon, %(more)s behind it."),
                    params={"name": name[:30], "most": self.longest_name, "more": self.longest_words},
                )
        return pairs

    def key_of(self, line: str) -> str:
        """Two lines may not have the same name."""
        return line.partition(":")[0].strip().casefold()


class PercentField(forms.DecimalField):
    """A share, typed in per cent."""

    def __init__(self, **options: object) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, **options)
        self.widget.attrs |= {"inputmode": "decimal"}

    def prepare_value(self, value: object) -> object:
        """A share as per cent; what was typed as it is. The model's own default is a whole number."""
        return f"{(100 * Decimal(value)).normalize():f}" if isinstance(value, Decimal | int) else value

    def clean(self, value: object) -> Decimal | None:
        """From 0 to 1."""
        percent = super().clean(value)
        return None if percent is None else percent / 100


def euro_field(*, label: object, required: bool = False, least: Decimal = Decimal(0), **options: object) -> forms.Field:
    """An amount of money that somebody may have meant."""
    field = forms.DecimalField(
        label=label, required=required, min_value=least, max_value=SLIP, decimal_places=2, **options
    )
    field.widget.attrs |= {"inputmode": "decimal"}
    return field


def day_field(**options: object) -> forms.DateField:
    """A day, without a time."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def region_codes(lines: Iterable[str], country: str) -> list[str]:
    """NUTS codes of one country from lines that begin with a code, or are the name of a region.

    Raises ValidationError with the line that is neither.
    """
    regions = {code: entry.label for code, entry in codelists.nuts().items() if codes.region_country(code) == country}
    by_name = {label.casefold(): code for code, label in sorted(regions.items(), reverse=True)}
    found = []
    for line in lines:
        code = line.split()[0].upper()
        code = code if code in regions else by_name.get(line.casefold(), "")
        if not code:
            words = {"line": line, "country": codelists.countries().get(country, country)}
            raise ValidationError(
                _("“%(line)s” is no region of %(country)s. Write its NUTS code, such as SE23, or its name."),
                params=words,
            )
        found.append(code)
    return list(dict.fromkeys(found))


def region_lines(of: Iterable[str]) -> list[str]:
    """Codes with their names, as region_codes reads them."""
    regions = codelists.nuts()
    return [f"{code} {regions[code].label}" if code in regions else code for code in of]


def moments(form: forms.Form, names: Iterable[str], zone: str, before: dict[str, datetime | None]) -> None:
    """Replaces what was typed on a zone's clocks by the moments meant. One that is new lies ahead."""
    for name in names:
        typed = form.cleaned_data.get(name)
        if typed is None:
            continue
        try:
            at = form.cleaned_data[name] = typed_moment(typed, zone)
        except ValidationError as fault:
            form.add_error(name, fault)
            continue
        if at != before.get(name) and at <= timezone.now():
            form.add_error(name, _("This time has passed. Choose a later one."))
