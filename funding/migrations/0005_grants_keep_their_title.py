from django.db import migrations, models


def as_decided(apps, schema_editor):
    """An application that was being amended when its call closed counts as it was handed in."""
    grants = apps.get_model("funding", "Grant").objects.select_related("award__decision__application__call")
    for grant in grants.iterator(chunk_size=500):
        application = grant.award.decision.application
        last = application.submissions.order_by("-number").first()
        title = (last.content.get("title") if last and application.status == "amending" else "") or application.title
        grant.title = f"{application.call.code}-{application.number:03} {title}".strip()
        grant.save(update_fields=["title"])


class Migration(migrations.Migration):
    dependencies = [("funding", "0004_searches_lead_on")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="title",
            field=models.CharField(
                default="", help_text="Reference and title, as they were decided on: neither changes any more.",
                max_length=200, verbose_name="project",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(as_decided, migrations.RunPython.noop),
    ]  # fmt: skip
