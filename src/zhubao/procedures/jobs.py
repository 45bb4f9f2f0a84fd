"""Background work of the whole installation. A job calls a procedure and nothing else."""

from procrastinate.contrib.django import app


@app.periodic(cron="7 3 * * *")
@app.task(queue="upkeep", queueing_lock="sessions", pass_context=False)
def clear_sessions(timestamp: int) -> None:
    """Remove sessions that have ended; `timestamp` is the planned second, given by the scheduler."""
    from django.core.management import call_command

    call_command("clearsessions")
