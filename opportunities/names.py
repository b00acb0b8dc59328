"""Names as others read them, in mails, lists and on badges."""

from django import forms

from opportunities.feeds.text import clean


def in_one_line(text: str) -> str:
    """A name in one line and without signs that nobody sees: with more, it could write what the portal seems to say."""
    return " ".join(clean(" ".join(text.split())).split())


class NameField(forms.CharField):
    """A name of a person, a company or a place, in one line whatever was pasted."""

    def to_python(self, value: object) -> str:
        """Folded before it is looked at: what holds nothing but breaks is empty."""
        return in_one_line(super().to_python(value))
