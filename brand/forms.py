"""What managers write on the public page, and how visitors narrow the list of members."""

from datetime import date
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from brand import colours, contrast
from brand.models import ClusterPage
from core.codelists import countries
from evaluations.groups import section, sections
from evaluations.models import Report
from evaluations.querysets import ReportQuerySet
from members.codes import in_order
from members.models import Listing

MOST_SITES = 20
GROUNDS = {"colour_light": contrast.LIGHT, "colour_dark": contrast.DARK}
THEMES = {
    "colour_light": _("the light ground"),
    "colour_dark": _("the dark ground"),
}


class PageForm(forms.ModelForm):
    """The cluster in its own words and colour."""

    imprint_url = forms.URLField(label=_("Address of the imprint"), required=False, assume_scheme="https")
    privacy_url = forms.URLField(label=_("Address of the privacy notice"), required=False, assume_scheme="https")
    embed_sites = forms.CharField(
        label=_("Sites that show our list of members"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example https://www.partner.example. Other sites cannot show it in a frame."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ClusterPage
        fields = [
            "tagline", "what_we_do", "founded", "contact_address", "contact_email", "imprint_url", "privacy_url",
            "colour_light", "colour_dark", "embed_sites",
        ]  # fmt: skip
        help_texts = {
            "tagline": _("It stands on top of the first page. Up to 120 characters."),
            "what_we_do": _("A blank line begins a new paragraph. The first one is what search engines show."),
            "colour_light": _("Six digits, for example #006c72. It must be dark enough to be read on white."),
            "colour_dark": _("Six digits, for example #60bfc4. It must be light enough to be read on near black."),
        }
        widgets = {
            "what_we_do": forms.Textarea(attrs={"rows": 10}),
            "contact_address": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: object, instance: ClusterPage, says: dict[str, object] | None = None) -> None:
        says = {"embed_sites": instance.embed_sites} | (says or {})
        says["embed_sites"] = "\n".join(says["embed_sites"])
        super().__init__(*args, instance=instance, initial=says | {"seen": instance.version})

    def clean(self) -> dict[str, object]:
        """Each colour is looked at on the grounds that it stands on."""
        cleaned = super().clean()
        for name, grounds in GROUNDS.items():
            colour = cleaned.get(name)
            if colours.is_colour(colour) and not contrast.passes(colour, grounds):
                self.add_error(name, _too_weak(colour, name))
        return cleaned

    def clean_colour_light(self) -> str:
        return self.cleaned_data["colour_light"].lower()

    def clean_colour_dark(self) -> str:
        return self.cleaned_data["colour_dark"].lower()

    def clean_embed_sites(self) -> list[str]:
        """Origins alone: a scheme, a host, and a port where there is one."""
        lines = [line.strip().rstrip("/") for line in self.cleaned_data["embed_sites"].splitlines()]
        sites = list(dict.fromkeys(line.lower() for line in lines if line))
        if len(sites) > MOST_SITES:
            raise ValidationError(_("Up to %(most)s sites can be named."), params={"most": MOST_SITES})
        for site in sites:
            if not is_origin(site):
                words = _("“%(site)s” is no address of a site. Write https:// and the name, and nothing after it.")
                raise ValidationError(words, params={"site": site})
        return sites


def is_origin(site: str) -> bool:
    """A site that may stand in a policy of ours: nothing in it can end the directive or allow everybody."""
    try:
        parts = urlsplit(site)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = host.isascii() and all(part and part.replace("-", "").isalnum() for part in host.split("."))
    return parts.scheme in {"https", "http"} and plain and site == f"{parts.scheme}://{host}{port}"


def _too_weak(colour: str, name: str) -> ValidationError:
    words = {
        "ratio": f"{contrast.least(colour, GROUNDS[name]):.1f}",
        "needed": contrast.NEEDED,
        "ground": THEMES[name],
        "better": contrast.nearest(colour, GROUNDS[name]),
    }
    if name == "colour_light":
        said = _(
            "On %(ground)s this has a contrast of %(ratio)s; %(needed)s is needed. Make it darker: %(better)s fits."
        )
    else:
        said = _(
            "On %(ground)s this has a contrast of %(ratio)s; %(needed)s is needed. Make it lighter: %(better)s fits."
        )
    return ValidationError(said, params=words)


class DirectoryFilter(forms.Form):
    """Members by words, country and what they do. Anything else that a link says is left aside."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80, widget=forms.SearchInput)
    country = forms.ChoiceField(label=_("Country"), required=False)
    field = forms.ChoiceField(label=_("What they do"), required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        named, labels = countries(), dict(sections())
        shown = Listing.objects.public().order_by()
        rows = list(shown.values_list("organisation__country", "fields", "organisation__profile__nace_codes"))
        found = {section(code) for _country, fields, codes in rows if "activities" in fields for code in codes}
        there = {country: named.get(country, country) for country, _fields, _codes in rows if country}
        self.fields["country"].choices = [("", _("All countries")), *in_order(there)]
        self.fields["field"].choices = [
            ("", _("All fields")),
            *((code, labels[code].partition(" ")[2]) for code in sorted(found) if code in labels),
        ]  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        """Somebody looks for something: such a list is no page of its own for search engines."""
        return any(self.data.get(name) for name in self.fields)


class _ReportField(forms.ModelChoiceField):
    def label_from_instance(self, report: Report) -> str:
        """Two of the same name are told apart by their days."""
        until, made = _day(report.cut_off), _day(timezone.localdate(report.finished_at))
        said = _("%(title)s, up to %(until)s, made on %(made)s")
        return said % {"title": report.title, "until": until, "made": made}


def _day(day: date) -> str:
    return date_format(day, "j F Y")


class StandingForm(forms.Form):
    """Which report stands on the page of results."""

    report = _ReportField(label=_("Report"), queryset=None, empty_label=None)

    def __init__(self, data: object = None, *, reports: ReportQuerySet) -> None:
        super().__init__(data)
        self.fields["report"].queryset = reports.for_everybody().defer("content").order_by("-pk")


class SnippetForm(DirectoryFilter):
    """How the list is to look on another site."""

    number = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=100, initial=12)
    theme = forms.ChoiceField(
        label=_("Light or dark"), required=False,
        choices=[("", _("As the device says")), ("light", _("Light")), ("dark", _("Dark"))],
    )  # fmt: skip

    def asked_for(self) -> dict[str, object]:
        """What the address of the list says, without what was left open or does not fit."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
