"""What a partner says of itself: the figures that decide whether it is an SME, earlier grants, de minimis aid."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import codelists
from core.forms import Fault, faults
from funding.aid import aid_of
from funding.checklist import needs_figures
from funding.eligibility import de_minimis
from funding.forms.amounts import AmountField, figure_field
from funding.models import FundingCall, Partner
from members.codes import NEAR_COUNTRIES
from opportunities.names import NameField

YES_NO = (("yes", _("Yes")), ("no", _("No")))
PUBLIC_FROM = Decimal("0.25")


def _day(label: object) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _people(label: object, **options: object) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=10_000_000, required=False, **options)


def _past(day: date) -> date:
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."))
    return day


class Row(forms.Form):
    """One of several rows. Whoever empties one takes it away."""

    use_required_attribute = False

    @property
    def is_emptied(self) -> bool:
        """Whether nothing stands in it; of an unbound one what it begins with."""
        if not self.is_bound:
            return not self.initial
        return not any(self[name].data not in (None, "", False) for name in self.fields)

    def full_clean(self) -> None:
        """Nothing is asked of an empty row, also where something stood in it before."""
        self.empty_permitted = self.empty_permitted or (self.is_bound and self.is_emptied)
        super().full_clean()

    def has_changed(self) -> bool:
        """An emptied row has nothing to say."""
        return not (self.is_bound and self.is_emptied) and super().has_changed()


class HoldingForm(Row):
    """Another company on either side of a share."""

    name = NameField(label=_("Company"), max_length=200)
    share = forms.DecimalField(
        label=_("Share in per cent"), min_value=0, max_value=100, decimal_places=2,
        help_text=_("The larger of the shares in capital and in votes."),
    )  # fmt: skip
    headcount = _people(_("People employed"))
    turnover = figure_field(_("Turnover a year, EUR"))
    balance = figure_field(_("Balance sheet total, EUR"))
    headcount_before = _people(_("People employed, the year before"))
    turnover_before = figure_field(_("Turnover, the year before, EUR"))
    balance_before = figure_field(_("Balance sheet total, the year before, EUR"))
    exempt = forms.BooleanField(
        label=_("It is a university, a venture capital company, or a small municipality, and holds up to a half"),
        required=False,
    )

    of_the_year_before = ("headcount_before", "turnover_before", "balance_before")

    @property
    def newest(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.of_the_year_before]

    @property
    def year_before(self) -> list[forms.BoundField]:
        return [self[name] for name in self.of_the_year_before]

    @property
    def has_year_before(self) -> bool:
        return any(field.value() not in (None, "") for field in self.year_before)


class AidForm(Row):
    """De minimis aid that was granted."""

    undertaking = NameField(label=_("Company that got it"), max_length=200)
    member_state = forms.ChoiceField(label=_("Country that granted it"))
    amount = AmountField(label=_("Amount, EUR"))
    granted_on = _day(_("Granted on"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        names = codelists.countries()
        near = sorted(NEAR_COUNTRIES, key=names.get)
        self.fields["member_state"].choices = [("", _("Choose")), *((code, names[code]) for code in near)]

    def clean_granted_on(self) -> date:
        """Not in the future."""
        return _past(self.cleaned_data["granted_on"])


class EarlierGrantForm(Row):
    """A grant that the same funder gave before."""

    granted_on = _day(_("Granted on"))

    def clean_granted_on(self) -> date:
        """Not in the future."""
        return _past(self.cleaned_data["granted_on"])


Holdings = formset_factory(HoldingForm, extra=2, max_num=10, absolute_max=20)
AidRows = formset_factory(AidForm, extra=2, max_num=30, absolute_max=40)
EarlierGrants = formset_factory(EarlierGrantForm, extra=2, max_num=30, absolute_max=40)


class FiguresForm(forms.Form):
    """Everything together; only what the rules of the call look at is asked. `said()` is what the action takes."""

    use_required_attribute = False

    headcount_0 = _people(
        _("People employed"), help_text=_("In full-time posts over the year; half a post counts half.")
    )
    turnover_0 = figure_field(_("Turnover, EUR"))
    balance_0 = figure_field(_("Balance sheet total, EUR"))
    headcount_1 = _people(_("People employed"))
    turnover_1 = figure_field(_("Turnover, EUR"))
    balance_1 = figure_field(_("Balance sheet total, EUR"))
    is_public = forms.ChoiceField(
        label=_("Do public bodies hold a quarter or more of your capital or votes?"),
        choices=YES_NO, widget=forms.RadioSelect,
    )  # fmt: skip
    is_linked = forms.ChoiceField(
        label=_("Does another company hold a quarter or more of yours, or do you hold a quarter or more of another?"),
        choices=YES_NO, widget=forms.RadioSelect,
    )  # fmt: skip
    no_aid = forms.BooleanField(
        label=_("No de minimis aid was granted to us or a linked company in the last three years"), required=False
    )
    no_earlier = forms.BooleanField(label=_("We had no grant of this funder before"), required=False)

    of_enterprise = ("headcount_0", "turnover_0", "balance_0", "headcount_1", "turnover_1", "balance_1")

    def __init__(self, data: Mapping[str, object] | None = None, *, call: FundingCall, partner: Partner) -> None:
        super().__init__(data, initial=_initial(partner))
        self.partner, self.needs = partner, needs_figures(call, partner)
        self.holdings = Holdings(data, prefix="holding", initial=_holdings(partner))
        self.aid = AidRows(data, prefix="aid", initial=_aid(partner))
        self.earlier = EarlierGrants(data, prefix="earlier", initial=partner.previous_grants or [])
        if not self.needs["enterprise"]:
            for name in (*self.of_enterprise, "is_public", "is_linked"):
                del self.fields[name]
        if not self.needs["aid"]:
            del self.fields["no_aid"]
        if not self.needs["previous_grants"]:
            del self.fields["no_earlier"]

    @property
    def newest_year(self) -> list[forms.BoundField]:
        return [self[name] for name in self.of_enterprise[:3]]

    @property
    def year_before(self) -> list[forms.BoundField]:
        return [self[name] for name in self.of_enterprise[3:]]

    @property
    def is_from_the_ledger(self) -> bool:
        """Whether the aid begins with what the portal knows, since nothing was declared yet."""
        return self.partner.declared_aid is None and bool(self.aid.initial)

    @property
    def asks_nothing(self) -> bool:
        return not any(self.needs.values())

    @property
    def rows(self) -> dict[str, forms.BaseFormSet]:
        """The lists that are asked for, by the need that asks."""
        lists = {"enterprise": self.holdings, "aid": self.aid, "previous_grants": self.earlier}
        return {need: rows for need, rows in lists.items() if self.needs[need]}

    def is_valid(self) -> bool:
        """With all of its rows."""
        return all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def faults(self) -> list[Fault]:
        """What needs another look, in the form and in its rows."""
        names = {"enterprise": _("Company %(n)s"), "aid": _("Aid %(n)s"), "previous_grants": _("Grant %(n)s")}
        rows = [
            (names[need] % {"n": n}, row) for need, rows in self.rows.items() for n, row in enumerate(rows, start=1)
        ]
        return faults([("", self), *rows])

    def clean(self) -> dict[str, object]:
        """Each list has rows, or says that there are none; which faults a row has is told at the row."""
        said = super().clean()
        linked = said.get("is_linked")
        if linked == "yes" and not _is_filled(self.holdings):
            self.add_error("is_linked", _("Name each of these companies below."))
        elif linked == "no" and _is_filled(self.holdings):
            self.add_error("is_linked", _("Companies stand below. Empty these rows, or answer yes."))
        lists = (("no_aid", "aid", self.aid), ("no_earlier", "previous_grants", self.earlier))
        for tick, need, rows in lists:
            if not self.needs[need] or bool(said.get(tick)) != _is_filled(rows):
                continue
            both = said.get(tick)
            self.add_error(
                tick, _("Empty the rows, or take the tick away.") if both else _("Tick this, or fill a row.")
            )
        return said

    def said(self) -> dict[str, object]:
        """As funding.eligibility.types reads it, ready for JSON."""
        found: dict[str, object] = {}
        if self.needs["enterprise"]:
            found["enterprise"] = self._enterprise()
        if self.needs["aid"]:
            found["declared_aid"] = [_plain(row) for row in _rows(self.aid)]
        if self.needs["previous_grants"]:
            funder = str(self.partner.funder_id)
            found["previous_grants"] = [_plain(row) | {"funder": funder} for row in _rows(self.earlier)]
        return found

    def _enterprise(self) -> dict[str, object]:
        said = self.cleaned_data
        years = [
            {
                "headcount": _text(said[f"headcount_{n}"]),
                "turnover_eur": _text(said[f"turnover_{n}"]),
                "balance_eur": _text(said[f"balance_{n}"]),
            }
            for n in (0, 1)
        ]
        given = [year for year in years if any(value is not None for value in year.values())]
        linked = _rows(self.holdings) if said["is_linked"] == "yes" else []
        return {
            "years": given,
            "public_share": str(PUBLIC_FROM) if said["is_public"] == "yes" else "0",
            "holdings": [_holding(row) for row in linked],
        }


def _is_filled(rows: forms.BaseFormSet) -> bool:
    """Whether anything stands in a list, whatever may be wrong with it."""
    return any(not row.is_emptied for row in rows)


def _rows(rows: forms.BaseFormSet) -> list[dict[str, object]]:
    return [form.cleaned_data for form in rows if form.has_changed() and form.is_valid()] + [
        form.initial for form in rows.initial_forms if not form.has_changed() and not form.is_emptied
    ]


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    plain = {name: value for name, value in row.items() if name != "funder"}
    return {name: str(value) if isinstance(value, date | Decimal) else value for name, value in plain.items()}


def _holding(row: Mapping[str, object]) -> dict[str, object]:
    years = [
        {"headcount": _text(row[f"headcount{of}"]), "turnover_eur": _text(row[f"turnover{of}"]),
         "balance_eur": _text(row[f"balance{of}"])}
        for of in ("", "_before")
    ]  # fmt: skip
    while years and not any(value is not None for value in years[-1].values()):
        years.pop()
    return {"name": row["name"], "share": _text(row["share"] / 100), "exempt": row["exempt"], "years": years}


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _initial(partner: Partner) -> dict[str, object]:
    """What was said before; of an organisation of the portal that has not said anything, what its profile says."""
    said, home = partner.enterprise, partner.organisation
    first: dict[str, object] = {"no_aid": partner.declared_aid == [], "no_earlier": partner.previous_grants == []}
    if said is None:
        if home is None:
            return first
        profile = {"headcount_0": home.headcount, "turnover_0": home.turnover_eur, "balance_0": home.balance_eur}
        return first | {name: _decimal(value) for name, value in profile.items()}
    for n, year in enumerate(said.get("years", [])[:2]):
        first |= {
            f"headcount_{n}": _decimal(year.get("headcount")),
            f"turnover_{n}": _decimal(year.get("turnover_eur")),
            f"balance_{n}": _decimal(year.get("balance_eur")),
        }
    return first | {
        "is_public": "yes" if Decimal(str(said.get("public_share", 0))) >= PUBLIC_FROM else "no",
        "is_linked": "yes" if said.get("holdings") else "no",
    }


def _aid(partner: Partner) -> list[dict[str, object]]:
    """What was declared before, or else what the ledger has of the last three years.

    The ledger is shown to the lead's own people alone: a link opens without an account, to whom the lead has named.
    """
    if partner.declared_aid is not None:
        return [row | {"amount": _decimal(row["amount"])} for row in partner.declared_aid]
    if not partner.is_lead or partner.organisation is None:
        return []
    today = timezone.localdate()
    return [each.model_dump() for each in aid_of(partner.organisation) if de_minimis.counts_on(each, today)]


def _holdings(partner: Partner) -> list[dict[str, object]]:
    rows = []
    for held in (partner.enterprise or {}).get("holdings", []):
        newest, before = [*held.get("years", []), {}, {}][:2]
        rows.append(
            {
                "name": held["name"],
                "share": Decimal(str(held["share"])) * 100,
                "exempt": held.get("exempt", False),
                **_amounts(newest, ""),
                **_amounts(before, "_before"),
            }
        )
    return rows


def _amounts(year: Mapping[str, object], of: str) -> dict[str, Decimal | None]:
    return {
        f"headcount{of}": _decimal(year.get("headcount")),
        f"turnover{of}": _decimal(year.get("turnover_eur")),
        f"balance{of}": _decimal(year.get("balance_eur")),
    }
