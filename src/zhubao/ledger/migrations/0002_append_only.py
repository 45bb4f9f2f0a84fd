"""The ledger takes new rows and nothing else, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER posting_no_change BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = "DROP TRIGGER posting_no_change ON ledger_posting;"


class Migration(migrations.Migration):
    """A trigger on postings."""

    dependencies = [("access", "0002_append_only_audit"), ("ledger", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
