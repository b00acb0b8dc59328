"""What the secretary types about a funder, a question and a criterion."""

from collections.abc import Iterator
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from core.marks import mark_of
from funding.forms.fields import (
    BOXES,
    LinesField,
    PercentField,
    euro_field,
    region_codes,
    region_lines,
)
from funding.forms.questions import TEXTS
from funding.models import Criterion, Funder, FundingCall, Question
from members import codes
from members.forms.fields import NOT_CHOSEN
from members.models import Organisation, SizeClass

HIGHEST_SCORE = 10
MOST_WORDS = 3000
NO_FUNDER = _("All of them")


class _PartForm(forms.ModelForm):
    """A part of a call. Its page carries the mark of the row that it showed."""

    def __init__(self, *args: object, call: FundingCall, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.seen = mark_of(self.instance)
        if "funder" in self.fields:
            self.fields["funder"].queryset = call.funders.all()
            self.fields["funder"].empty_label = NO_FUNDER

    def insist_on_own_name(self) -> None:
        """Two of a name in one call are a slip."""
        name = self.cleaned_data.get("name")
        twins = self._meta.model.objects.filter(call=self.call, name__iexact=name or "").exclude(pk=self.instance.pk)
        if name and twins.exists():
            self.add_error("name", _("There is one of this name already in this call."))

    def facts(self) -> dict[str, object]:
        """As the action takes them."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class FunderForm(_PartForm):
    """Who pays, where, for whom, and how much. Shares are typed in per cent."""

    SECTIONS = (
        (_("Who pays where"), ("name", "member_state", "regions", "budget_eur", "contact_email")),
        (_("Whom and what it pays for"), ("kinds", "sizes", "activity_types", "criteria")),
        (
            _("How much"),
            ("smallest_grant_eur", "largest_grant_eur", "rate", "rate_micro", "rate_small", "rate_medium",
             "rate_large", "is_de_minimis", "most_previous_grants", "previous_grants_years"),
        ),
    )  # fmt: skip

    member_state = forms.ChoiceField(
        label=_("Country"), choices=lambda: [NOT_CHOSEN, *codes.country_choices()],
        help_text=_("It pays for partners in this country."),
    )  # fmt: skip
    regions = LinesField(
        label=_("Only in these regions, one a line"), required=False, rows=3,
        help_text=_("A NUTS code, such as SE23, or the name of a region. Blank: the whole country."),
    )  # fmt: skip
    budget_eur = euro_field(label=_("Budget, EUR"), required=True, least=Decimal(1))
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of organisation"), choices=Organisation.Kind.choices, widget=BOXES, required=False,
        help_text=_("None chosen: all of them."),
    )  # fmt: skip
    sizes = forms.MultipleChoiceField(
        label=_("Sizes of companies"), choices=SizeClass.choices, widget=BOXES, required=False,
        help_text=_("None chosen: all of them."),
    )  # fmt: skip
    smallest_grant_eur = euro_field(label=_("Smallest grant to a partner, EUR"))
    largest_grant_eur = euro_field(label=_("Largest grant to a partner, EUR"))
    rate = PercentField(label=_("Share of the costs that it pays, in per cent"))

    class Meta:
        model = Funder
        fields = (
            "name", "member_state", "regions", "budget_eur", "kinds", "sizes", "activity_types", "smallest_grant_eur",
            "largest_grant_eur", "rate", "is_de_minimis", "most_previous_grants", "previous_grants_years", "criteria",
            "contact_email",
        )  # fmt: skip
        widgets = {"activity_types": BOXES, "criteria": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "activity_types": _("None chosen: all of them."),
            "criteria": _("What it looks at beyond the criteria of the call, in a few sentences."),
            "is_de_minimis": _("At most EUR 300,000 in three years by one Member State to one group of companies."),
            "most_previous_grants": _("Blank: earlier grants do not matter. 0: none may have been given."),
            "contact_email": _("Blank: the address of the call."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity_types"].queryset = self.call.activity_types.all()
        self.fields["most_previous_grants"].max_value = 1000
        for name, most in (("most_previous_grants", 1000), ("previous_grants_years", 50)):
            label = self.fields[name].label
            self.fields[name] = forms.IntegerField(
                label=label, min_value=int(name == "previous_grants_years"), max_value=most, required=False,
                help_text=self.fields[name].help_text,
            )  # fmt: skip
        for size in SizeClass:
            self.fields[f"rate_{size}"] = PercentField(
                label=_("%(size)s companies instead, in per cent") % {"size": size.label}, required=False
            )
            if (share := self.instance.rates.get(size)) is not None:
                self.initial[f"rate_{size}"] = Decimal(str(share))
        self.initial["regions"] = region_lines(self.instance.regions)

    def sections(self) -> Iterator[dict[str, object]]:
        """The fields in their order, under headings."""
        for title, names in self.SECTIONS:
            yield {"title": title, "fields": [self[name] for name in names]}

    def clean(self) -> dict[str, object]:
        """What must fit together."""
        cleaned = super().clean()
        self.insist_on_own_name()
        if cleaned.get("regions") and cleaned.get("member_state"):
            try:
                cleaned["regions"] = region_codes(cleaned["regions"], cleaned["member_state"])
            except forms.ValidationError as fault:
                self.add_error("regions", fault)
        least, most, budget = (cleaned.get(f"{name}_eur") for name in ("smallest_grant", "largest_grant", "budget"))
        if least is not None and most is not None and least > most:
            self.add_error("smallest_grant_eur", _("It is above the largest grant."))
        for name, amount in (("smallest_grant_eur", least), ("largest_grant_eur", most)):
            if amount is not None and budget is not None and amount > budget:
                self.add_error(name, _("It is above the budget of this funder."))
        both = {name: cleaned.get(name) for name in ("most_previous_grants", "previous_grants_years")}
        missing = [name for name, number in both.items() if number is None]
        if len(missing) == 1 and not self.errors.keys() & both.keys():
            self.add_error(missing[0], _("Say both: how many earlier grants, and in how many years."))
        return cleaned

    def facts(self) -> dict[str, object]:
        """As the action takes them, the shares by size in one field."""
        shares = {size.value: self.cleaned_data.get(f"rate_{size}") for size in SizeClass}
        rates = {size: f"{share.normalize():f}" for size, share in shares.items() if share is not None}
        return super().facts() | {"rates": rates}


class QuestionForm(_PartForm):
    """A question of one kind, which stays."""

    options = LinesField(label=_("Options, one a line"), longest=160, help_text=_("Two or more."))
    most_words = forms.IntegerField(
        label=_("Words at most"), min_value=1, max_value=MOST_WORDS, required=False,
        help_text=_("Blank: as many as somebody likes."),
    )  # fmt: skip

    class Meta:
        model = Question
        fields = ("text", "help", "options", "most_words", "asked_of", "funder", "is_required", "tells_who",
                  "is_read_blind")  # fmt: skip
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "help": forms.Textarea(attrs={"rows": 2}),
            "asked_of": forms.RadioSelect,
        }
        help_texts = {"funder": _("Only for questions to each partner: asked of those for whom this funder pays.")}
        labels = {"funder": _("Only partners of")}

    def __init__(self, *args: object, kind: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind = Question.Kind(kind)
        if self.kind not in TEXTS:
            del self.fields["most_words"]
        if self.kind not in (Question.Kind.CHOICE, Question.Kind.CHOICES):
            del self.fields["options"]
        # In a blind call a file is hidden in any case, unless a copy of it is read.
        del self.fields["tells_who" if self.kind == Question.Kind.FILE else "is_read_blind"]

    def clean_options(self) -> list[str]:
        """One option is no choice."""
        if len(self.cleaned_data["options"]) < 2:
            raise forms.ValidationError(_("Give two options or more."))
        return self.cleaned_data["options"]

    def clean(self) -> dict[str, object]:
        """A funder's question goes to partners."""
        cleaned = super().clean()
        if cleaned.get("funder") and cleaned.get("asked_of") != Question.AskedOf.PARTNER:
            self.add_error("funder", _("The consortium has no single funder. Ask each partner, or choose all of them."))
        return cleaned

    def facts(self) -> dict[str, object]:
        """As the action takes them."""
        return {name: self.cleaned_data[name] for name in self.fields} | {"kind": self.kind}


class CriterionForm(_PartForm):
    """What reviewers judge, and what a score means."""

    most = forms.IntegerField(
        label=_("Highest score"), min_value=1, max_value=HIGHEST_SCORE, initial=5, help_text=_("Scores begin with 0.")
    )
    weight = forms.DecimalField(
        label=_("Weight"), min_value=0, max_value=100, decimal_places=2, initial=1,
        help_text=_("2 counts twice as much as 1. 0 is discussed, and does not count."),
    )  # fmt: skip

    class Meta:
        model = Criterion
        fields = ("name", "asks", "funder", "most", "weight", "threshold")
        widgets = {"asks": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"funder": _("A funder's own criterion counts for its own money.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for score in range(HIGHEST_SCORE + 1):
            self.fields[f"anchor_{score}"] = forms.CharField(
                label=_("%(score)s means") % {"score": score}, max_length=300, required=False
            )
            self.initial[f"anchor_{score}"] = self.instance.anchors.get(str(score), "")

    def basics(self) -> list[forms.BoundField]:
        """All but the anchors."""
        return [self[name] for name in self._meta.fields]

    def anchors(self) -> list[forms.BoundField]:
        """Up to 5, which is the usual highest score."""
        return [self[f"anchor_{score}"] for score in range(6)]

    def more_anchors(self) -> list[forms.BoundField]:
        """Those of long scales."""
        return [self[f"anchor_{score}"] for score in range(6, HIGHEST_SCORE + 1)]

    @property
    def is_long(self) -> bool:
        """Whether the scale goes beyond the usual one."""
        return self.instance.most > 5 or any(self[f"anchor_{score}"].errors for score in range(6, HIGHEST_SCORE + 1))

    def clean(self) -> dict[str, object]:
        """What must fit together."""
        cleaned = super().clean()
        self.insist_on_own_name()
        most, threshold = cleaned.get("most"), cleaned.get("threshold")
        if most is None:
            return cleaned
        if threshold is not None and not 0 <= threshold <= most:
            self.add_error("threshold", _("Choose a number from 0 to %(most)s.") % {"most": most})
        for score in range(most + 1, HIGHEST_SCORE + 1):
            if cleaned.get(f"anchor_{score}"):
                self.add_error(f"anchor_{score}", _("The highest score is %(most)s.") % {"most": most})
        return cleaned

    def facts(self) -> dict[str, object]:
        """As the action takes them, the anchors in one field."""
        words = {str(score): self.cleaned_data.get(f"anchor_{score}", "") for score in range(HIGHEST_SCORE + 1)}
        return super().facts() | {"anchors": {score: text for score, text in words.items() if text}}
