"""History and decisions take new rows and nothing else, whoever asks."""

from django.db import migrations

TABLES = ("cases_step", "cases_proposal", "cases_estimate", "cases_decision", "cases_renewalstep", "cases_noticeline")
REFUSE = "\n".join(
    f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION access_refuse_change();"
    for table in TABLES
)
ALLOW = "\n".join(f"DROP TRIGGER {table}_no_change ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    """A trigger on each table of history."""

    dependencies = [("access", "0002_append_only_audit"), ("cases", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
