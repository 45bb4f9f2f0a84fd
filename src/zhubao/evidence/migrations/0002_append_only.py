"""The table of snapshots takes new rows and nothing else, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER snapshot_no_change BEFORE UPDATE OR DELETE ON evidence_snapshot
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = "DROP TRIGGER snapshot_no_change ON evidence_snapshot;"


class Migration(migrations.Migration):
    """A trigger on snapshots."""

    dependencies = [("access", "0002_append_only_audit"), ("evidence", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
