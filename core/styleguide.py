"""The living style guide: every component in its normal, long, empty, full and error states.

It is looked at by people and visited by the accessibility scan, so its data is invented and stands here.
"""

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


class SampleForm(forms.Form):
    """One field of each sort, in the ways a form of the portal meets them."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", help_text=_("We read it to suggest your field.")
    )
    about = forms.CharField(
        label=_("What do you do"), widget=forms.Textarea, help_text=_("Two or three sentences, as you would tell them.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=[("EE", "Estonia"), ("FI", "Finland"), ("SE", "Sweden")])
    kinds = forms.MultipleChoiceField(
        label=_("What may we send you"),
        choices=[("partnering", "Partners"), ("tender", "Tenders"), ("funding", "Funding"), ("event", "Events")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked means all."),
    )
    size = forms.ChoiceField(
        label=_("How many work with you"),
        choices=[("micro", "Fewer than 10"), ("small", "10 to 49"), ("medium", "50 to 249")],
        widget=forms.RadioSelect,
    )
    hours = forms.IntegerField(label=_("Hours a month you can give"), required=False, min_value=0)
    brochure = forms.FileField(label=_("Brochure"), required=False)
    agree = forms.BooleanField(label=_("Other members may see this profile"), required=False)


class SampleFilter(forms.Form):
    """What a list is filtered by."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", "All kinds"), ("tender", "Tenders")])
    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", "All countries"), ("FI", "Finland")])


def _card(today: date, **changes: object) -> dict[str, object]:
    card = {
        "id": 1,
        "title": "Supplier of leak detection for district heating networks",
        "url": "#card",
        "kind": "partnering",
        "kind_label": _("Partner sought"),
        "place": "Finland",
        "organisation": "Kaukolämpö Saimaa Oy",
        "reasons": [
            "They look for acoustic leak detection; you offer acoustic sensors for pipes.",
            "Finland is one of your target markets.",
            "About 12 hours to answer fits the 20 hours a month you have.",
        ],
        "deadline": today + timedelta(days=37),
        "days_left": 37,
        "budget": "EUR 50,000 to 120,000",
        "effort": _("About 12 hours"),
        "note": "I met their head of networks in Tampere. They decide fast: call first.",
        "note_by": "Anna Lindqvist",
        "note_on": today - timedelta(days=2),
        "answer": "",
        "answer_reason": "",
        "answer_url": "#answer",
        "undo_url": "#undo",
    }
    return card | changes


def _cards(today: date) -> list[dict[str, object]]:
    return [
        _card(today),
        _card(
            today,
            id=2,
            kind="funding",
            kind_label=_("Funding topic"),
            title=f"Circular solutions for the {LONG_WORD} and other industries with long names on the coast",
            place="European Union",
            organisation="Horizon Europe",
            reasons=["The topic asks for reuse of process water; you treat process water for food plants."],
            deadline=today + timedelta(days=6),
            days_left=6,
            budget="EUR 4,000,000 to 6,000,000 a project, EUR 24,000,000 in all",
            note="",
        ),
        _card(today, id=3, kind="tender", kind_label=_("Tender"), answer="interested", note="", effort=""),
        _card(today, id=4, kind="event", kind_label=_("Event"), answer="saved", note="", budget="", deadline=None),
        _card(today, id=5, answer="not_for_us", answer_reason=_("the place"), note=""),
    ]


def _rows(today: date) -> list[dict[str, object]]:
    row = {"url": "#row", "kind": "tender", "kind_label": _("Tender"), "place": "Poland", "days_left": 21}
    return [
        row
        | {
            "title": "Modernisation of a municipal water treatment plant",
            "organisation": "Wodociągi Zatoka",
            "deadline": today + timedelta(days=21),
            "why": "You supply membranes for plants of this size.",
            "state": "good",
            "state_label": _("Published"),
            "current": True,
        },
        row
        | {
            "title": f"Framework agreement: {LONG_WORD}",
            "organisation": "Kreis Förde",
            "place": "Germany",
            "deadline": today + timedelta(days=3),
            "days_left": 3,
            "state": "look",
            "state_label": _("Ends soon"),
        },
        row
        | {
            "title": "Partners for a shore power pilot",
            "kind": "partnering",
            "kind_label": _("Partner sought"),
            "place": "Denmark",
            "deadline": None,
            "state": "quiet",
            "state_label": _("Dismissed"),
        },
    ]


def _table() -> dict[str, object]:
    def row(name: str, source: str, state: str, word: str, items: str) -> list[dict[str, object]]:
        return [
            {"value": name, "url": "#member"},
            {"label": _("Country"), "value": source},
            {"label": _("Profile"), "value": word, "state": state},
            {"label": _("Answers"), "value": items, "numeric": True},
        ]

    return {
        "caption": _("Members, by name"),
        "columns": [
            {"label": _("Member"), "sort_url": "?sort=-name", "sort": "ascending"},
            {"label": _("Country"), "sort_url": "?sort=country"},
            {"label": _("Profile")},
            {"label": _("Answers"), "sort_url": "?sort=answers", "numeric": True},
        ],
        "rows": [
            row("Ängholm Sensorteknik AB", "Sweden", "good", _("Complete"), "14"),
            row("Õismäe Vesi OÜ", "Estonia", "look", _("Half-way"), "3"),
            row(LONG_WORD, "Germany", "stop", _("Not begun"), "1,204"),
        ],
    }


def _words(today: date) -> dict[str, object]:
    return {
        "states": [
            ("good", _("Published")),
            ("look", _("Ends soon")),
            ("stop", _("Failed")),
            ("busy", _("Running")),
            ("quiet", _("Draft")),
        ],
        "kinds": [
            ("partnering", _("Partner sought")),
            ("tender", _("Tender")),
            ("funding", _("Funding topic")),
            ("event", _("Event")),
        ],
        "facts": [
            {"label": _("Buyer"), "value": "Wodociągi Zatoka"},
            {"label": _("Deadline"), "value": f"{today + timedelta(days=21):%-d %B %Y}", "note": _("21 days left")},
            {"label": _("Budget"), "value": "EUR 1,250,000"},
            {"label": _("Source"), "value": "Tenders Electronic Daily", "url": "#source"},
            {"label": _("Long"), "value": LONG_WORD},
        ],
        "failed": [_("Your size class is medium; this call is for micro and small firms."), _("Ends in 3 days.")],
        "events": [
            {"at": today, "text": _("Published for 12 members"), "by": "Anna Lindqvist"},
            {"at": today - timedelta(days=3), "text": _("Deadline moved to 12 June")},
            {"at": today - timedelta(days=9), "text": _("Read from Tenders Electronic Daily")},
        ],
        "figures": [
            {"label": _("items read"), "value": "214", "period": _("this week")},
            {"label": _("answers given"), "value": "63", "unit": "%", "n": "n = 41", "period": _("last 4 weeks")},
            {"label": _("found a partner"), "value": "7", "unit": _("of 10"), "n": "n = 38", "period": "2026"},
            {"label": _("signed an agreement"), "hidden": True, "n": "n < 5", "period": "2026"},
        ],
    }


def _navigation() -> dict[str, object]:
    return {
        "steps": [
            {"label": _("What you do"), "url": "#1", "state": "done"},
            {"label": _("What you offer"), "state": "current"},
            {"label": _("Where to"), "url": "#3", "state": "todo"},
            {"label": _("Capacity"), "url": "#4", "state": "todo"},
        ],
        "tabs": [
            {
                "label": _("For you"),
                "url": "#tabs",
                "current": True,
                "count": 3,
                "parts": [
                    {"label": _("New"), "url": "#tabs", "current": True},
                    {"label": _("Older"), "url": "#tabs"},
                ],
            },
            {"label": _("Saved"), "url": "#tabs", "count": 0},
            {"label": _("All open opportunities"), "url": "#tabs", "count": 214},
        ],
        "chips": [
            {"label": "Finland", "remove_url": "#chips"},
            {"label": "26.51 Measuring instruments", "url": "#chips"},
            {"label": LONG_WORD},
        ],
        "chosen": [{"value": "26.51", "code": "26.51", "label": "Manufacture of measuring and testing instruments"}],
        "results": [
            {"value": "36.00", "code": "36.00", "label": "Water collection, treatment and supply"},
            {"value": "37.00", "code": "37.00", "label": "Sewerage"},
            {"value": "42.21", "code": "42.21", "label": "Construction of utility projects for fluids"},
        ],
        "page": Paginator(range(214), 25).page(3),
    }


@require_safe
def styleguide(request: HttpRequest) -> TemplateResponse:
    """Every component in every state; for those who build or run the portal."""
    if not (settings.DEBUG or request.user.is_manager):
        raise Http404
    today = timezone.localdate()
    bound = SampleForm({"bad-name": "Ängholm AB", "bad-website": "nowhere", "bad-hours": "-4"}, prefix="bad")
    bound.is_sample = True  # its errors do not take the focus: the page would open in its middle
    context = {
        "cards": _cards(today),
        "rows": _rows(today),
        "table": _table(),
        "form": SampleForm(),
        "bound": bound,
        "filter_form": SampleFilter(auto_id="filter_%s"),
        "long_word": LONG_WORD,
        **_words(today),
        **_navigation(),
    }
    return TemplateResponse(request, "styleguide/index.html", context)
