"""What does each step of a transfer, with its form."""

from datetime import datetime
from typing import Final

from zhubao.access.actors import Actor
from zhubao.accounts.transfers import actions
from zhubao.procedures.transfer_checked import check_transfer, lift_transfer, withdraw_transfer
from zhubao.web.courses import Act, ReasonForm, Values

from .forms import CheckForm, MoveForm, PapersForm


def _reason(values: Values) -> str:
    return str(values.get("reason", ""))


def _move(pk: int, values: Values, actor: Actor, now: datetime) -> object:
    return actions.move(pk, values["paper"], values["day"], values["amount"], key="move", actor=actor, now=now)


ACTS: Final[dict[str, Act]] = {
    "check": Act(lambda pk, values, actor, now: check_transfer(pk, values["found"], actor=actor, now=now), CheckForm),
    "ask_papers": Act(
        lambda pk, values, actor, now: actions.ask_papers(pk, values["found"], _reason(values), actor=actor, now=now), PapersForm
    ),
    "complete": Act(lambda pk, _values, actor, now: actions.complete(pk, actor=actor, now=now)),
    "lift": Act(lambda pk, _values, actor, now: lift_transfer(pk, actor=actor, now=now)),
    "except": Act(lambda pk, values, actor, now: actions.let_go(pk, _reason(values), actor=actor, now=now), ReasonForm),
    "move": Act(_move, MoveForm),
    "reopen": Act(
        lambda pk, values, actor, now: actions.reopen(pk, _reason(values), actor=actor, now=now), ReasonForm, grave=True
    ),
    "refuse": Act(
        lambda pk, values, actor, now: actions.refuse(pk, _reason(values), actor=actor, now=now), ReasonForm, grave=True
    ),
    "withdraw": Act(lambda pk, _values, actor, now: withdraw_transfer(pk, actor=actor, now=now), grave=True),
}
OWN_ACTS: Final = {verb: ACTS[verb] for verb in ("complete", "withdraw")}
