"""Fields for the names of people, companies and places."""

from django import forms

from matchmaking.names import in_one_line


class NameField(forms.CharField):
    """A name, in one line whatever was pasted."""

    def to_python(self, value: object) -> str:
        """Folded before it is looked at: what holds nothing but breaks is empty."""
        return in_one_line(super().to_python(value))
