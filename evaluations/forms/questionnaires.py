"""What managers type about a questionnaire: how it begins, its own texts, and a file that holds one."""

import json
from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from evaluations import instrument, words
from evaluations.instrument.faults import LONGEST
from evaluations.models import Questionnaire

EMPTY = "empty"
LARGEST_FILE = 1024 * 1024
MOST_FAULTS = 30  # in a page; the file's next reading tells the rest
# What a questionnaire can be written in: the European Union's languages and its neighbours'.
OFFERED = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it"),
    *("lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sr", "sv", "tr", "uk"),
)
WORDS = {
    "title": _("Title"),
    "intro": _("Introduction"),
    "thanks": _("Thanks at the end"),
    "label": _("What it is and where it comes from"),
}


class NameForm(forms.ModelForm):
    """What the team calls it; those who answer never see it."""

    class Meta:
        model = Questionnaire
        fields = ["name", "purpose"]
        help_texts = {"name": _("For your team. Those who answer see the title.")}


class StartForm(NameForm):
    """A new questionnaire from a template that comes with the portal, or from nothing."""

    start = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        templates = [
            (name, f"{name.upper()}: {each.words(each.title, 'en')}") for name, each in instrument.shipped().items()
        ]
        self.fields["start"].choices = [*templates, (EMPTY, _("An empty questionnaire"))]

    @property
    def template(self) -> str:
        """The name of the template; blank for an empty start."""
        start = self.cleaned_data["start"]
        return "" if start == EMPTY else start

    @property
    def content(self) -> instrument.Questionnaire:
        """What the first draft begins with."""
        if self.template:
            return instrument.shipped()[self.template]
        return instrument.Questionnaire(title={"en": self.cleaned_data["name"]}, languages=("en",))


class FileForm(NameForm):
    """A questionnaire that was exported before, here or in another portal."""

    file = forms.FileField(label=_("File"), help_text=_("A JSON file, as the portal exports it."))
    content: instrument.Questionnaire

    def clean_file(self) -> object:
        """The content, or every fault of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than %(most)s.") % {"most": filesizeformat(LARGEST_FILE)})
        try:
            self.content = instrument.read(json.loads(file.read()), draft=True)
        except instrument.BadInstrument as bad:
            faults = [words.fault_in_full(each) for each in bad.faults[:MOST_FAULTS]]
            more = len(bad.faults) - len(faults)
            if more:
                faults.append(_("There are %(n)s more faults.") % {"n": more})
            raise ValidationError(faults) from None
        except json.JSONDecodeError as error:
            raise ValidationError(
                _("This is no JSON file: line %(line)s, column %(column)s."),
                params={"line": error.lineno, "column": error.colno},
            ) from None
        except (ValueError, RecursionError):
            raise ValidationError(_("This is no JSON file. Choose one that the portal exported.")) from None
        return file


class WordsForm(forms.Form):
    """The questionnaire's own texts, its languages side by side."""

    seen = forms.CharField(widget=forms.HiddenInput)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        help_text=_("Save to get fields for a new language. What is written in a dropped one goes."),
        widget=forms.CheckboxSelectMultiple,
    )
    first = forms.ChoiceField(
        label=_("First language"), help_text=_("Where words are missing in another, these are shown.")
    )

    def __init__(self, data: object = None, *, content: instrument.Questionnaire, seen: str) -> None:
        super().__init__(data, initial={"seen": seen, "languages": content.languages, "first": content.languages[0]})
        self.content = content
        choices = [(code, words.language(code)) for code in dict.fromkeys((*content.languages, *OFFERED))]
        self.fields["languages"].choices = self.fields["first"].choices = choices
        for name, label in WORDS.items():
            for language in content.languages:
                self.fields[f"{name}-{language}"] = forms.CharField(
                    label=_("%(what)s in %(language)s") % {"what": label, "language": words.language(language)},
                    max_length=LONGEST[name],
                    required=name == "title" and language == content.languages[0],
                    initial=getattr(content, name).get(language, ""),
                    widget=forms.TextInput if name == "title" else forms.Textarea(attrs={"rows": 2}),
                )

    def clean(self) -> dict[str, object]:
        """The first language is one of the languages."""
        cleaned = super().clean()
        chosen, first = cleaned.get("languages", []), cleaned.get("first")
        if chosen and first and first not in chosen:
            self.add_error("first", _("Choose one of the languages that you ticked."))
        return cleaned

    def groups(self) -> Iterator[dict[str, object]]:
        """Each text with its fields, one a language."""
        for name, label in WORDS.items():
            yield {"label": label, "fields": [self[f"{name}-{language}"] for language in self.content.languages]}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The languages, the first one first."""
        first = self.cleaned_data["first"]
        return (first, *(each for each in self.cleaned_data["languages"] if each != first))

    @property
    def texts(self) -> dict[str, instrument.Texts]:
        """What was typed, by text and language."""
        return {
            name: {language: self.cleaned_data[f"{name}-{language}"] for language in self.content.languages}
            for name in WORDS
        }
