"""`zhubao account-interest`: the yearly interest of personal accounts, tried or posted."""

import click

from .operations import installation
from .output import output_options, print_json


@click.command("account-interest")
@output_options
@click.option("--region", required=True, help="County code; of a city or province, every county with accounts below it.")
@click.option("--year", type=click.IntRange(2010, 2200), required=True, help="The year that is over.")
@click.option("--trial", is_flag=True, help="Reckon and list the totals; nothing is posted.")
def account_interest(region: str, year: int, trial: bool, as_json: bool, lang: str) -> int:
    """Try the interest of a year, or post what was approved in a trial; safe to repeat. Exit 1 when a county could not be done."""
    with installation():
        from zhubao.access import clock
        from zhubao.access.actors import Actor
        from zhubao.procedures import account_interest as procedure

        actor = Actor.system(procedure.SYSTEM)
        work = procedure.try_counties if trial else procedure.post_counties
        results = work(region, year, actor=actor, clock=clock.now)
    if as_json:
        print_json({"year": year, "trial": trial, "counties": [procedure.as_json(result) for result in results]})
    else:
        for result in results:
            if result.run is None:
                assert result.fault is not None
                click.echo(f"{result.region_code}: {result.fault.message('zh' if lang == 'zh' else 'en')}")
            else:
                run = result.run
                click.echo(
                    f"{run.region_code}  {run.state}  accounts {run.accounts}  lots {run.lots}  interest_fen {run.interest_fen}"
                )
    return 1 if any(result.run is None for result in results) else 0
