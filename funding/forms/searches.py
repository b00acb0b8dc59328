"""What is typed to look for partners, to ask around, and to answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.models import PartnerSearch
from members.models import Organisation


class SearchForm(forms.ModelForm):
    """What one brings and whom one looks for."""

    class Meta:
        model = PartnerSearch
        fields = ("brings", "seeks")
        widgets = {"brings": forms.Textarea(attrs={"rows": 3}), "seeks": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "brings": _("A technology, a test site, customers, experience with such projects."),
            "seeks": _("What the consortium lacks: a kind of company, a country, a skill."),
        }
        error_messages = {
            "brings": {"required": _("Say in a sentence what you bring: it is what others decide by.")},
            "seeks": {"required": _("Say in a sentence whom you look for.")},
        }


class AskForm(forms.Form):
    """Which organisations are asked."""

    to = forms.ModelMultipleChoiceField(
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one organisation.")},
    )

    def __init__(self, *args: object, search: PartnerSearch, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Organisation.objects.could_join(search.organisation_id)


class ReplyForm(forms.Form):
    """Interested or not, and a sentence if one wants."""

    answer = forms.ChoiceField(
        choices=[("interested", _("Interested")), ("declined", _("Not for us"))],
        error_messages={
            "required": _("Choose one of the two answers."),
            "invalid_choice": _("Choose one of the two answers."),
        },
    )
    words = forms.CharField(
        label=_("A sentence, if you like"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    shares_contact = forms.BooleanField(required=False)
