"""The audit trail may lose the name of a person who is erased, and nothing else; two indexes find what is a person's."""

from django.db import migrations, models

# Within a transaction that says so: the labels and details change, and what happened, when and to what does not.
MAKE = """
CREATE OR REPLACE FUNCTION core_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('portal.pseudonymising', true) = 'on'
       AND (OLD.id, OLD.at, OLD.action, OLD.object_type) = (NEW.id, NEW.at, NEW.action, NEW.object_type)
       AND (OLD.actor_id, OLD.object_id, OLD.organisation_id)
           IS NOT DISTINCT FROM (NEW.actor_id, NEW.object_id, NEW.organisation_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit trail is never changed.' USING ERRCODE = 'check_violation';
END
$$;
"""
BACK = """
CREATE OR REPLACE FUNCTION core_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is never changed.' USING ERRCODE = 'check_violation';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_audit_is_append_only")]
    operations = [
        migrations.RunSQL(MAKE, BACK),
        migrations.AddIndex("auditevent", models.Index(fields=["actor_id", "-at"], name="audit_actor")),
        migrations.AddIndex("mail", models.Index(fields=["to", "-created_at"], name="mail_to")),
    ]
