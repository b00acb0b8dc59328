"""What an outcome is worth is kept as a class, and the company says whether it would have happened without us."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Case, Value, When

CLASSES = (("under_10k", 10_000), ("under_50k", 50_000), ("under_250k", 250_000), ("under_1m", 1_000_000))


def into_classes(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The exact amounts become classes; there is no way back."""
    cases = [When(amount_eur__lt=below, then=Value(name)) for name, below in CLASSES]
    told = apps.get_model("matchmaking", "Outcome").objects.exclude(amount_eur=None)
    told.update(amount=Case(*cases, default=Value("over_1m")))


class Migration(migrations.Migration):
    dependencies = [("matchmaking", "0002_one_address_of_two_clusters")]

    operations = [
        migrations.AddField(
            model_name="outcome",
            name="amount",
            field=models.CharField(
                blank=True,
                choices=[
                    ("under_10k", "under EUR 10,000"),
                    ("under_50k", "EUR 10,000 to 50,000"),
                    ("under_250k", "EUR 50,000 to 250,000"),
                    ("under_1m", "EUR 250,000 to 1 million"),
                    ("over_1m", "EUR 1 million or more"),
                ],
                default="",
                max_length=10,
                verbose_name="worth",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outcome",
            name="attribution",
            field=models.CharField(
                blank=True,
                choices=[
                    ("would_not", "It would not have happened"),
                    ("later", "It would have happened later"),
                    ("anyway", "It would have happened anyway"),
                ],
                default="",
                max_length=9,
                verbose_name="without the cluster",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(into_classes, migrations.RunPython.noop),
        migrations.RemoveField(model_name="outcome", name="amount_eur"),
    ]
