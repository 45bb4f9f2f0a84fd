"""The layouts of the files that pass between offices, one module per file."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from . import (
    actual_on_behalf,
    answer,
    assistance_claim,
    bank_push,
    borrower_list,
    borrower_roster,
    contribution_plan,
    contribution_receipts,
    deduction_order,
    deduction_return,
    draw_request,
    draw_return,
    net_pension,
    pension_credit,
    refund_list,
    self_pay_receipts,
    subsidy_claim,
    township_ledger,
    verified_list,
)
from .layout import Layout

LAYOUTS: dict[str, Layout] = {
    module.LAYOUT.kind: module.LAYOUT
    for module in (
        bank_push,
        draw_request,
        draw_return,
        contribution_receipts,
        borrower_roster,
        borrower_list,
        pension_credit,
        deduction_order,
        deduction_return,
        net_pension,
        subsidy_claim,
        contribution_plan,
        self_pay_receipts,
        actual_on_behalf,
        verified_list,
        assistance_claim,
        refund_list,
        township_ledger,
        answer,
    )
}


def layout_of(kind: str) -> Layout:
    """Return the layout of a kind of file; E-EXCHANGE-KIND when there is none."""
    layout = LAYOUTS.get(kind)
    if layout is None:
        listed = ", ".join(LAYOUTS)
        raise ZhubaoError(
            "E-EXCHANGE-KIND", Text(f"没有“{kind}”这种文件", f"there is no such file: {kind!r}"), remedy=Text(listed, listed)
        )
    return layout
