"""A published version of a questionnaire never changes: the database itself refuses, whoever asks it."""

from django.db import migrations

# Only who published may be forgotten: accounts are erased when their owners ask for it.
MAKE = """
CREATE FUNCTION evaluations_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'published' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.published_by_id IS NULL THEN
            OLD.published_by_id := NULL;
        END IF;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A published version of a questionnaire never changes.' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER published_never_changes BEFORE UPDATE OR DELETE ON evaluations_questionnaireversion
    FOR EACH ROW EXECUTE FUNCTION evaluations_keep_published();
"""
DROP = """
DROP TRIGGER published_never_changes ON evaluations_questionnaireversion;
DROP FUNCTION evaluations_keep_published();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_evaluations")]
    operations = [migrations.RunSQL(MAKE, DROP)]
