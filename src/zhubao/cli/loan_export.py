"""`zhubao loan export`: the life of a loan on record, as `zhubao loan replay` reads it."""

from datetime import datetime

import click

from .operations import installation
from .output import output_options, print_json


@click.command()
@click.argument("number")
@click.option("--up-to", "up_to", type=click.DateTime(["%Y-%m-%d"]), help="The last day that counts; today when it is not given.")
@output_options
def export(number: str, up_to: datetime | None, as_json: bool, lang: str) -> int:
    """Print the life of loan NUMBER as JSON for `zhubao loan replay`: draws, rates, payments, no person (导出贷款重算数据)."""
    with installation():
        from django.utils.timezone import localdate

        from zhubao.access import clock
        from zhubao.errors import ZhubaoError
        from zhubao.language import Text
        from zhubao.loans.exporting import life_json
        from zhubao.loans.models import Loan

        loan = Loan.objects.select_related("bank").filter(number=number).first()
        if loan is None:
            raise ZhubaoError("E-LOAN-UNKNOWN", Text("没有这笔贷款", "there is no such loan"), place=number)
        print_json(life_json(loan, up_to.date() if up_to else localdate(clock.now())))
    return 0
