"""Entries of the ledger are added and reversed, never changed or removed: the database itself refuses, whoever asks."""

from django.db import migrations

# Only who entered it may be forgotten: accounts are erased when their owners ask for it.
MAKE = """
CREATE FUNCTION funding_keep_aid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.entered_by_id IS NULL THEN
            OLD.entered_by_id := NULL;
        END IF;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'An entry of the ledger is never changed or removed. Reverse it by another one.'
        USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE OR DELETE ON funding_aid
    FOR EACH ROW EXECUTE FUNCTION funding_keep_aid();
"""
DROP = """
DROP TRIGGER ledger_is_never_changed ON funding_aid;
DROP FUNCTION funding_keep_aid();
"""


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_funding")]
    operations = [migrations.RunSQL(MAKE, DROP)]
