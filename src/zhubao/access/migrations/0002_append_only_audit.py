"""The audit table takes new rows and nothing else, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION access_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the table % takes new rows only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON access_auditentry
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON access_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = """
DROP TRIGGER audit_no_truncate ON access_auditentry;
DROP TRIGGER audit_no_change ON access_auditentry;
DROP FUNCTION access_refuse_change();
"""


class Migration(migrations.Migration):
    """Triggers on the audit table."""

    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
