"""What each step does to a year's draw, and where its money may go."""

from typing import NamedTuple

from zhubao.language import Text

from .states import WAYS, process_of


class TrancheState(NamedTuple):
    """Where one draw stands: its name, its label, whether it may still come to a payment."""

    name: str
    label: Text
    open: bool


TRANCHE_STATES = (
    TrancheState("planned", Text("已核定", "amount fixed"), True),
    TrancheState("released", Text("已推送银行", "released"), True),
    TrancheState("confirmed", Text("本人已确认", "confirmed by the borrower"), True),
    TrancheState("drawn", Text("已放款", "drawn"), False),
    TrancheState("paid_in", Text("已缴费", "paid in"), False),
    TrancheState("unpaid", Text("未缴费，资格终止", "never paid in"), False),
    TrancheState("not_drawn", Text("未放款", "not drawn"), False),
    TrancheState("cancelled", Text("已取消", "cancelled"), False),
    TrancheState("taken_back", Text("误记已冲回", "taken back"), False),
)
OPEN_TRANCHE = tuple(state.name for state in TRANCHE_STATES if state.open)
PAID_OUT = ("drawn", "paid_in", "unpaid")

# Verb → states its draw may be in, and the state it leads to. `record_draw` wants a confirmation where the programme has one.
TRANCHE_MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "release_year": (("planned",), "released"),
    "confirm_draw": (("released",), "confirmed"),
    "record_draw": (("released", "confirmed"), "drawn"),
    "leave_out_months": (("released",), "released"),
    "not_drawn": (("released", "confirmed"), "not_drawn"),
    "record_contribution": (("drawn",), "paid_in"),
    "remind": (("drawn",), "drawn"),
    "end_qualification": (("drawn",), "unpaid"),
    "match_subsidy": (("paid_in",), "paid_in"),
}

# Where the money of a draw may go, and nowhere else.
PAYEES: dict[str, Text] = {
    "card_account": Text("社会保障卡金融账户", "card account"),
    "fund_income_account": Text("基金收入户", "the fund's income account"),
    "collection_account": Text("居民养老征缴专户", "collection account"),
}
PAYEE_OF = {policy_id: ways.payee for policy_id, ways in WAYS.items()}


def tranche_starts(policy_id: str, verb: str) -> tuple[str, ...]:
    """Return the states a draw may be in when a step of its programme is taken."""
    starts = TRANCHE_MOVES[verb][0]
    confirmed = any(row.verb == "confirm_draw" for row in process_of(policy_id).transitions)
    if verb == "record_draw":
        return ("confirmed",) if confirmed else ("released",)
    return starts
