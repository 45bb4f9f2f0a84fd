"""Events, steps and receipts of loans are added and never changed, whoever asks; a draw paid out stays as it was paid out."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER loan_event_no_change BEFORE UPDATE OR DELETE ON loans_loanevent
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER loan_step_no_change BEFORE UPDATE OR DELETE ON loans_loanstep
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER loan_receipt_no_change BEFORE UPDATE OR DELETE ON loans_receipt
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER loan_permit_no_change BEFORE UPDATE OR DELETE ON loans_permit
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER loan_drawn_no_change BEFORE UPDATE OF cap_fen, amount_fen, drawn_on, payee, event_entry, months, year ON loans_tranche
    FOR EACH ROW WHEN (OLD.drawn_on IS NOT NULL AND (OLD.cap_fen, OLD.amount_fen, OLD.drawn_on, OLD.payee, OLD.event_entry, OLD.months, OLD.year)
        IS DISTINCT FROM (NEW.cap_fen, NEW.amount_fen, NEW.drawn_on, NEW.payee, NEW.event_entry, NEW.months, NEW.year))
    EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = """
DROP TRIGGER loan_drawn_no_change ON loans_tranche;
DROP TRIGGER loan_permit_no_change ON loans_permit;
DROP TRIGGER loan_receipt_no_change ON loans_receipt;
DROP TRIGGER loan_step_no_change ON loans_loanstep;
DROP TRIGGER loan_event_no_change ON loans_loanevent;
"""


class Migration(migrations.Migration):
    """Triggers on the tables of loans."""

    dependencies = [("access", "0002_append_only_audit"), ("loans", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
