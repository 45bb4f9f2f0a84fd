"""Entries the other way round for everything a batch entered, in one statement."""

from django.db import connection

from zhubao.accounts.models import Batch


def insert_reversals(wrong: Batch, batch: Batch) -> int:
    """Take back every entry of a batch on its own day; return how many. Entries of nothing carry nothing to take back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_entry (batch_id, lot_id, kind, "on", amount_fen, subject, key, reverses_id)
            SELECT %s, lot_id, kind, "on", -amount_fen, '', '', id FROM accounts_entry WHERE batch_id = %s AND amount_fen <> 0
            """,
            [batch.pk, wrong.pk],
        )
        return int(cursor.rowcount)
