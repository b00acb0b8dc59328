"""What the team and reviewers type about reviewers, conflicts and scores: parsed here, written by actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.models import Assignment, Criterion, FundingCall, ModeratedScore, Remark, Reviewer
from funding.reading.assignments import candidates
from members.models import listed

MOST_ENTRIES = 30


class ReviewerForm(forms.ModelForm):
    """What a reviewer knows, works at, and takes on."""

    expertise = forms.CharField(
        label=_("Expertise, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Keywords, NACE codes such as C28.1, or activity types of this call."),
    )

    class Meta:
        model = Reviewer
        fields = ("employer", "expertise", "most_applications", "is_on_panel", "funder")
        help_texts = {
            "employer": _("Compared with the organisations that apply."),
            "funder": _("Leave it empty for independent reviewers."),
        }

    def __init__(self, *args: object, call: FundingCall, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["funder"].queryset = call.funders.all()
        if self.instance.pk:
            self.initial["expertise"] = "\n".join(self.instance.expertise)

    def clean_expertise(self) -> list[str]:
        """One entry a line, each short enough to be found again."""
        entries = listed(self.cleaned_data["expertise"])
        if len(entries) > MOST_ENTRIES:
            raise forms.ValidationError(_("Name at most %(most)s.") % {"most": MOST_ENTRIES})
        if long := [each for each in entries if len(each) > 80]:
            raise forms.ValidationError(_("Make this shorter than 80 characters: %(entry)s") % {"entry": long[0]})
        return entries

    def clean_most_applications(self) -> int:
        """Nobody reads more than this in one call."""
        most = self.cleaned_data["most_applications"]
        if most > 100:
            raise forms.ValidationError(_("Choose at most 100."))
        return most


class BringForm(ReviewerForm):
    """The same, with who it is."""

    user = forms.ModelChoiceField(queryset=None, label=_("Person"))
    field_order = ("user",)

    def __init__(self, *args: object, call: FundingCall, **kwargs: object) -> None:
        super().__init__(*args, call=call, **kwargs)
        self.fields["user"].queryset = candidates(call)


class InviteReviewerForm(forms.Form):
    """Somebody who has no account yet."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)


class OverruleForm(forms.Form):
    """Why a conflict of interest that the portal sees may be."""

    words = forms.CharField(
        label=_("Why it may be all the same"),
        max_length=Assignment._meta.get_field("overruled").max_length,
        required=False,
    )


class DeclareForm(forms.Form):
    """Whether something binds a reviewer to who applies, and what."""

    has_conflict = forms.TypedChoiceField(
        label=_("Does something bind you to one of them?"),
        choices=[("no", _("No, nothing")), ("yes", _("Yes"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What binds you"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only if you said yes. The cluster team reads it."),
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        """A yes needs its words."""
        cleaned = super().clean()
        if cleaned.get("has_conflict") and not cleaned.get("words", "").strip():
            self.add_error("words", _("Write in a few words what binds you."))
        return cleaned


class InterestsForm(forms.Form):
    """Which of all organisations of a call a reviewer is bound to."""

    names = forms.MultipleChoiceField(
        label=_("I am bound to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick all that apply."),
    )
    words = forms.CharField(
        label=_("What binds you"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The cluster team reads it."),
    )  # fmt: skip

    def __init__(self, *args: object, names: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["names"].choices = [(each, each) for each in names]


class RemarkForm(forms.ModelForm):
    """A contribution to the discussion."""

    class Meta:
        model = Remark
        fields = ("words",)
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}


class ModerateForm(forms.ModelForm):
    """The score that was agreed on, and why."""

    class Meta:
        model = ModeratedScore
        fields = ("value", "words")
        widgets = {"words": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: object, criterion: Criterion, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = forms.DecimalField(
            label=_("Agreed score"), min_value=0, max_value=criterion.most, max_digits=4, decimal_places=2,
            widget=forms.NumberInput(attrs={"step": "0.25", "min": "0", "max": str(criterion.most)}),
        )  # fmt: skip
