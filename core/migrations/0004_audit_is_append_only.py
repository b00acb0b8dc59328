"""What was recorded is never changed or removed: the database itself refuses, whoever asks it."""

from django.db import migrations

MAKE = """
CREATE FUNCTION core_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is never changed.' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER audit_never_changes BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION core_keep_audit();
"""
DROP = """
DROP TRIGGER audit_never_changes ON core_auditevent;
DROP FUNCTION core_keep_audit();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_mail_claimed_at")]
    operations = [migrations.RunSQL(MAKE, DROP)]
