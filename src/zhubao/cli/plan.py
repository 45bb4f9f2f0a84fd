"""`zhubao plan`: reckon a county's yearly plan of contributions on behalf."""

from datetime import datetime

import click

from .operations import installation
from .output import output_options, print_json


@click.command("plan")
@output_options
@click.option("--region", required=True, help="County, six digits.")
@click.option("--policy", "policy_id", required=True, help="The document, such as pengshui-2022.")
@click.option("--year", type=click.IntRange(2000, 2100), required=True, help="The year of the plan.")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day the lists are asked about.")
@click.option("--trial", is_flag=True, help="What-if: show the difference in people and money, touch no row.")
@click.option("--lowest-tier", type=click.IntRange(1, 100_000), help="With --trial: another lowest tier, in yuan a year.")
def plan(
    region: str, policy_id: str, year: int, as_of: datetime, trial: bool, lowest_tier: int | None, as_json: bool, lang: str
) -> int:
    """Open the plan or bring it up to date from the departments' lists; safe to repeat. Exit 1 when people wait for a reason."""
    with installation():
        from zhubao.access import clock
        from zhubao.access.actors import Actor
        from zhubao.assistance.planning.reckoning import NOTHING, Assumption
        from zhubao.procedures import plan_reckoned as procedure

        assumption = Assumption(lowest_tier_fen=lowest_tier * 100) if lowest_tier else NOTHING
        actor = Actor.system(procedure.SYSTEM)
        run = procedure.reckon_plan(
            region, policy_id, year, as_of.date(), trial=trial, assumption=assumption, actor=actor, now=clock.now()
        )
        result = procedure.as_json(run)
    if as_json:
        print_json(result)
    else:
        click.echo("  ".join(f"{name} {value}" for name, value in result.items() if not isinstance(value, list)))
        for row in result["categories"]:
            click.echo("  " + "  ".join(f"{name} {value}" for name, value in row.items()))
    return 1 if result["held"] else 0
