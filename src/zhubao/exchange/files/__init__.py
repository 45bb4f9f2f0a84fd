"""The layouts of the files that pass between offices, one module per file."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from . import (
    answer,
    bank_push,
    borrower_list,
    borrower_roster,
    contribution_receipts,
    deduction_order,
    deduction_return,
    draw_request,
    draw_return,
    net_pension,
    pension_credit,
    subsidy_claim,
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
