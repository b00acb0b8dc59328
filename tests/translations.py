"""Every text that a page or a mail can show, as gettext looks it up: read from templates and from modules."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file
from django.forms import BaseForm
from django.template import Node, Template
from django.template.base import FilterExpression, NodeList
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
# Its context, if it has one, and what it says: one form or two.
Message = tuple[str | None, str | tuple[str, str]]


def of_templates(*names: str) -> set[Message]:
    """What these templates say, with all that they extend and include."""
    found: set[Message] = set()
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in _nodes(get_template(name).template):
            if isinstance(node, TranslateNode):
                found.add((None, _literal(node.filter_expression)))
            elif isinstance(node, BlockTranslateNode):
                found.add((None, _block(node)))
            elif isinstance(node, IncludeNode):
                waiting.append(_literal(node.template))
            elif isinstance(node, ExtendsNode):
                waiting.append(_literal(node.parent_name))
    return found


def of_modules(*paths: Path) -> set[Message]:
    """What these modules say."""
    found: set[Message] = set()
    for path in paths:
        for _line, text, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            found.add((context, tuple(text) if isinstance(text, (list, tuple)) else text))
    return found


def of_form(form: type[BaseForm]) -> set[Message]:
    """What a form asks, offers and says of what does not fit; Django's own words are Django's."""
    found: set[Message] = set()
    for field in form.base_fields.values():
        texts = [field.label, field.help_text, *(label for _value, label in getattr(field, "choices", ()))]
        if field.required:
            texts.append(field.error_messages["required"])
        found |= {(None, str(text)) for text in texts if text}
    return found


def _nodes(part: Template | Node) -> Iterator[Node]:
    for node in part.nodelist if isinstance(part, Template) else _children(part):
        yield node
        yield from _nodes(node)


def _children(node: Node) -> Iterator[Node]:
    """Each node below, whatever the tag calls its list."""
    for value in vars(node).values():
        if isinstance(value, NodeList):
            yield from value
        elif isinstance(value, list):
            for pair in value:  # the branches of an if: (condition, list)
                if isinstance(pair, tuple):
                    yield from (each for part in pair if isinstance(part, NodeList) for each in part)


def _literal(expression: FilterExpression) -> str:
    """The words in quotes; a name that is only known when the page is made is asked for by the test itself."""
    var = expression.var
    return var if isinstance(var, str) else str(var.literal)


def _block(node: BlockTranslateNode) -> str | tuple[str, str]:
    one, _names = node.render_token_list(node.singular)
    if not node.plural:
        return one
    many, _names = node.render_token_list(node.plural)
    return one, many
