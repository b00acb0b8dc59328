"""The part of an address that stands for a name."""

from collections.abc import Collection

from django.db.models import Model
from django.utils.text import slugify

# Of the 80 characters of a slug: the rest is for a number after it.
LENGTH = 70


def free_slug(model: type[Model], name: str, reserved: Collection[str]) -> str:
    """A slug for the name that no row of the model has: numbered if need be, the model's name where nothing is left.

    `reserved`: first words of the room's own addresses, which no slug may be.
    """
    base = slugify(name)[:LENGTH] or str(model._meta.model_name)
    taken = {*model.objects.filter(slug__startswith=base).values_list("slug", flat=True), *reserved}
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
