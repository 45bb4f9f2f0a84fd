"""What a month-end closed and ordered is added and never changed."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER loan_closing_no_change BEFORE UPDATE OR DELETE ON loans_loanclosing
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER deduction_order_no_change BEFORE UPDATE OR DELETE ON loans_deductionorder
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = """
DROP TRIGGER deduction_order_no_change ON loans_deductionorder;
DROP TRIGGER loan_closing_no_change ON loans_loanclosing;
"""


class Migration(migrations.Migration):
    """Triggers on closings and deduction orders."""

    dependencies = [("access", "0002_append_only_audit"), ("loans", "0003_month_end")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
