"""`zhubao month-end`: close a region as of a day."""

from datetime import datetime

import click

from .operations import installation
from .output import output_options, print_json


@click.command("month-end")
@output_options
@click.option("--region", required=True, help="Region code; everything below it is closed too.")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day to close, itself included.")
@click.option("--workers", type=click.IntRange(1, 32), default=1, show_default=True, help="Processes that share the work.")
def month_end(region: str, as_of: datetime, workers: int, as_json: bool, lang: str) -> int:
    """Accrue, split and post interest, and write the month's deduction orders; safe to repeat. Exit 1 when loans were held."""
    with installation():
        from zhubao.access import clock
        from zhubao.access.actors import Actor
        from zhubao.procedures import month_end as procedure

        actor = Actor.system(procedure.SYSTEM)
        done = procedure.close_month(region, as_of.date(), workers=workers, actor=actor, clock=clock.now)
        result = procedure.as_json(done)
    if as_json:
        print_json(result)
    else:
        click.echo("  ".join(f"{name} {value}" for name, value in result.items() if name != "held"))
        for held in done.held:
            click.echo(f"  {held.loan}: {held.code}: {held.reason.zh if lang == 'zh' else held.reason.en}")
    return 1 if done.held and not done.already_done else 0
