"""Who was erased: nothing but keyed hashes of addresses and the day, so that a restored backup can be put right."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    """One person's data was taken out. Its number is what the person is called in rows that stay."""

    at = models.DateTimeField(default=timezone.now)
    hashes = ArrayField(models.CharField(max_length=64), help_text="Of each address, in order: members.erasures.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["at", "hashes"], name="one_erasure_of_a_moment")]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"
