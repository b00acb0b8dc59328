"""What managers type about one question: its words in every language, its options, and when it is asked."""

from collections.abc import Iterator, Mapping

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from evaluations import instrument, words
from evaluations.instrument import Condition, Option, Question, Questionnaire, When
from evaluations.instrument.faults import LONGEST, LONGEST_OPTION, MOST_OPTIONS
from evaluations.instrument.types import CHOOSING, CONSENT, MATRIX, MULTIPLE, NUMBER, SCALE, TEXT, WITH_OPTIONS

BLANK_ROWS = 4
ANY_ANSWER = "*"


class OptionForm(forms.Form):
    """An option, or a line of a matrix, in every language."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, languages: tuple[str, ...], alone: bool, rungs: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        for language in languages:
            self.fields[f"text-{language}"] = forms.CharField(
                label=words.language(language), max_length=LONGEST_OPTION, required=False
            )
        if alone:
            self.fields["alone"] = forms.BooleanField(label=_("Stands alone"), required=False)
        if rungs:
            choices = [("", _("On no step")), *words.RUNGS.items()]
            self.fields["rung"] = forms.ChoiceField(label=_("Step of results"), choices=choices, required=False)

    def texts(self) -> list[forms.BoundField]:
        """The fields of its words, one a language."""
        return [self[f"text-{language}"] for language in self.languages]

    def rest(self) -> list[forms.BoundField]:
        """What else there is to say, as far as the question takes it."""
        return [self[name] for name in ("rung", "alone", "ORDER", "DELETE") if name in self.fields]


class _Options(forms.BaseFormSet):
    default_error_messages = {
        "missing_management_form": _("The options did not arrive whole. Open the page again."),
    }

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"].label = _("Place")
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")

    def typed(self, taken: set[str]) -> tuple[Option, ...]:
        """What was typed, in its new order; what is new gets a key of its words that is not `taken`."""
        return tuple(filter(None, (_option(form.cleaned_data, form.languages, taken) for form in self._kept())))

    def _kept(self) -> list[forms.Form]:
        return self.ordered_forms if self.can_order else list(self.forms)


def _option(typed: Mapping[str, object], languages: tuple[str, ...], taken: set[str]) -> Option | None:
    texts = {language: str(typed.get(f"text-{language}") or "") for language in languages}
    texts = {language: text for language, text in texts.items() if text}
    if not texts and not typed.get("key"):
        return None
    key = str(typed.get("key") or free_key(next(iter(texts.values())), taken))
    taken.add(key)
    return Option(key, texts, alone=bool(typed.get("alone")), rung=str(typed.get("rung") or ""))


def free_key(text: str, taken: set[str]) -> str:
    """A short name made of words: small letters, digits and _, and none of those that are `taken`."""
    base = slugify(text).replace("-", "_")[:30].strip("_")
    base = base if base[:1].isalpha() else f"o_{base}".rstrip("_")
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key


class QuestionForm(forms.Form):
    """One question of a draft. `question` of a valid form is what was typed, and fits into the draft."""

    text_names = ("text", "help", "unit", "outside")

    def __init__(
        self, data: object = None, *, content: Questionnaire, kind: str, before: Question | None = None
    ) -> None:
        self.content, self.kind, self.before = content, kind, before
        self.languages = content.languages
        super().__init__(data, initial=dict(self._initial()) if before else None)
        places = [each.key for each in content.questions]
        at = places.index(before.key) if before else len(places)
        self.earlier = content.questions[:at]
        self._add_fields()
        self.options = self._options("options", before.options if before else ()) if kind in WITH_OPTIONS else None
        self.rows = self._options("rows", before.rows if before else ()) if kind == MATRIX else None

    def _initial(self) -> Iterator[tuple[str, object]]:
        question = self.before
        for name in ("text", "help", "unit"):
            yield from ((f"{name}-{language}", text) for language, text in getattr(question, name).items())
        if question.outside:
            yield from ((f"outside-{language}", text) for language, text in question.outside.text.items())
        for name in ("facet", "optional", "most", "minimum", "maximum", "about"):
            yield name, getattr(question, name)
        if question.when:
            yield "any", "any" if question.when.any else "all"
            yield (
                "when",
                [
                    f"{each.question}:{key}"
                    for each in question.when.conditions
                    for key in each.options or (ANY_ANSWER,)
                ],
            )

    def _add_fields(self) -> None:
        if self.before is None:
            self.fields["key"] = forms.RegexField(
                r"^[a-z][a-z0-9_]{0,39}$",
                label=_("Short name"),
                required=False,
                help_text=_("Results of several waves meet by it, so it never changes. Left blank, it is made up."),
                error_messages={"invalid": _("Use small letters, digits and _, beginning with a letter.")},
            )
        for name, label, kinds in (
            ("text", _("Question"), instrument.KINDS),
            ("help", _("Help below it"), instrument.KINDS),
            ("unit", _("Unit"), (NUMBER,)),
            ("outside", _("Answer outside the scale, such as “not used”"), (SCALE, MATRIX)),
        ):
            if self.kind in kinds:
                self._add_words(name, label)
        facets = [(key, label) for key, label in words.FACETS.items() if self._takes(key)]
        if len(facets) > 1:
            self.fields["facet"] = forms.ChoiceField(label=_("What results show of it"), choices=facets, required=False)
        if self.kind == MULTIPLE:
            self.fields["most"] = forms.IntegerField(
                label=_("Most choices"), min_value=1, max_value=MOST_OPTIONS, required=False
            )
        if self.kind == NUMBER:
            limit = 10**12 - 1
            for name, label in (("minimum", _("Smallest number")), ("maximum", _("Largest number"))):
                self.fields[name] = forms.IntegerField(label=label, min_value=-limit, max_value=limit, required=False)
        if self.kind == CONSENT:
            texts = [(each.key, self._title(each)) for each in self.earlier if each.kind == TEXT]
            self.fields["about"] = forms.ChoiceField(
                label=_("Text question that it covers"), choices=[("", _("None yet")), *texts], required=False
            )
        self.fields["optional"] = forms.BooleanField(label=_("May stay without an answer"), required=False)
        self._add_conditions()

    def _add_words(self, name: str, label: str) -> None:
        for language in self.languages:
            self.fields[f"{name}-{language}"] = forms.CharField(
                label=_("%(what)s in %(language)s") % {"what": label, "language": words.language(language)},
                max_length=LONGEST.get(name, LONGEST_OPTION),
                required=name == "text" and language == self.languages[0],
                widget=forms.TextInput if name in ("unit", "outside") else forms.Textarea(attrs={"rows": 2}),
            )

    def _add_conditions(self) -> None:
        choices = []
        for each in self.earlier:
            answers = [(f"{each.key}:{ANY_ANSWER}", _("Any answer"))]
            if each.kind in CHOOSING:
                answers += [
                    (f"{each.key}:{o.key}", self.content.words(o.text, self.languages[0])) for o in each.choices
                ]
            choices.append((self._title(each), answers))
        if choices:
            self.fields["when"] = forms.MultipleChoiceField(
                label=_("Ask it only after these answers"),
                help_text=_("Of one question, one of the ticked answers is enough. Tick none to ask everybody."),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields["any"] = forms.ChoiceField(
                label=_("Where answers of several questions are ticked"),
                choices=[("all", _("All of these questions must fit")), ("any", _("One of them is enough"))],
                required=False,
                widget=forms.RadioSelect,
                initial="all",
            )

    def _takes(self, facet: str) -> bool:
        return not facet or self.kind in instrument.FACETS[facet]

    def _title(self, question: Question) -> str:
        return self.content.words(question.text, self.languages[0]) or question.key

    def _options(self, prefix: str, options: tuple[Option, ...]) -> _Options:
        fixed = self.kind == CONSENT
        if fixed and not options:
            options = tuple(Option(key, {"en": str(text)}) for key, text in words.PERMISSIONS.items())
        facet = self.data.get("facet", "") if self.is_bound else self.initial.get("facet", "")
        made = forms.formset_factory(
            OptionForm,
            formset=_Options,
            extra=0 if fixed else BLANK_ROWS,
            can_order=not fixed,
            can_delete=not fixed,
            max_num=MOST_OPTIONS,
            absolute_max=MOST_OPTIONS + BLANK_ROWS,
            validate_max=True,
        )
        kwargs = {
            "languages": self.languages,
            "alone": self.kind == MULTIPLE and prefix == "options",
            "rungs": facet == "results" and prefix == "options",
        }
        initial = [
            {"key": each.key, "alone": each.alone, "rung": each.rung}
            | {f"text-{language}": text for language, text in each.text.items()}
            for each in options
        ]
        return made(self.data if self.is_bound else None, prefix=prefix, initial=initial, form_kwargs=kwargs)

    def groups(self) -> list[list[forms.BoundField]]:
        """The fields of its words, one list for each text."""
        named = [[name for name in self.fields if name.startswith(f"{text}-")] for text in self.text_names]
        return [[self[name] for name in names] for names in named if names]

    def rest(self) -> list[forms.BoundField]:
        """The other fields, without those of the conditions."""
        names = ("key", "facet", "most", "minimum", "maximum", "about", "optional")
        return [self[name] for name in names if name in self.fields]

    def conditions(self) -> list[forms.BoundField]:
        """When it is asked; nothing for the first question."""
        return [self[name] for name in ("when", "any") if name in self.fields]

    def clean(self) -> dict[str, object]:
        """The question as a whole, in its place in the draft."""
        cleaned = super().clean()
        for formset in filter(None, (self.options, self.rows)):
            if not formset.is_valid():
                for sentence in formset.non_form_errors() or [_("Look at the options below.")]:
                    self.add_error(None, sentence)
        if self.errors:
            return cleaned
        self.question = self._question(cleaned)
        most, given = self.question.most, len(self.question.options)
        if most and given and most > given:
            self.add_error("most", words.FAULTS["most_above_options"] % {"most": most, "given": given})
        draft = instrument.with_question(self.content, self.question, instead_of=self.before.key if self.before else "")
        for fault in instrument.broken(draft):
            own = fault.question == self.question.key
            self.add_error(None, words.fault(fault) if own else words.fault_in_full(fault))
        return cleaned

    def _question(self, typed: Mapping[str, object]) -> Question:
        taken: set[str] = set()
        options = self.options.typed(taken) if self.options else ()
        outside = self._texts("outside", typed)
        old = self.before.outside if self.before else None
        return Question(
            key=self.before.key if self.before else self._key(typed),
            kind=self.kind,
            text=self._texts("text", typed),
            help=self._texts("help", typed),
            options=options,
            rows=self.rows.typed(set()) if self.rows else (),
            outside=Option(old.key if old else free_key("outside", taken), outside) if outside else None,
            most=typed.get("most"),
            unit=self._texts("unit", typed),
            minimum=typed.get("minimum"),
            maximum=typed.get("maximum"),
            about=typed.get("about", ""),
            optional=typed["optional"],
            when=_when(typed.get("when", []), any_of=typed.get("any") == "any"),
            facet=typed.get("facet", ""),
        )

    def _key(self, typed: Mapping[str, object]) -> str:
        taken = {each.key for each in self.content.questions}
        return str(typed.get("key") or free_key(str(typed[f"text-{self.languages[0]}"]), taken))

    def _texts(self, name: str, typed: Mapping[str, object]) -> dict[str, str]:
        found = {language: str(typed.get(f"{name}-{language}") or "") for language in self.languages}
        return {language: text for language, text in found.items() if text}


def _when(ticked: list[str], *, any_of: bool) -> When | None:
    """`question:option` by question; any answer is enough where it is ticked."""
    options: dict[str, list[str]] = {}
    for each in ticked:
        key, _colon, option = each.partition(":")
        options.setdefault(key, []).append(option)
    conditions = (Condition(key, () if ANY_ANSWER in chosen else tuple(chosen)) for key, chosen in options.items())
    return When(tuple(conditions), any=any_of and len(options) > 1) if options else None
