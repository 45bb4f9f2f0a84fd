"""The reference page of the process tables, written from the tables: ``python -m zhubao.procedures.process_page > docs/reference/processes.md``."""

from collections.abc import Iterable

from django.utils.translation import override

from zhubao.access.roles import ROLES_OF, Role
from zhubao.accounts.after_death.course import PROCESS as AFTER_DEATH
from zhubao.accounts.benefits.course import PROCESS as BENEFIT
from zhubao.accounts.helping.course import PROCESS as HELP
from zhubao.accounts.self_service.course import PROCESS as SELF_SERVICE
from zhubao.accounts.transfers.course import PROCESS as TRANSFER
from zhubao.cases.states import PROCESSES as CASES
from zhubao.cases.states import RENEWAL
from zhubao.loans.draws import TRANCHE_MOVES, TRANCHE_STATES, tranche_starts
from zhubao.loans.states import PROCESSES as LOANS
from zhubao.loans.states.fraud import FRAUD
from zhubao.oversight.dishonesty.course import LISTING
from zhubao.oversight.measures.course import MEASURE
from zhubao.parameters.questions import settings
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

_TOP = """# Process tables

Written from the tables in `zhubao.cases.states`, `zhubao.loans.states`, `zhubao.oversight` and the courses of `zhubao.accounts`
(`make docs`); the program takes its steps from the same tables. How a step is taken is told in [how a case runs](../explanation/casework.md).

- **step**: the verb in the program, with what the button says. An italic note says whether it *waits* in the work queue of its first post, and
  whether it wants a *reason*.
- **from → to**: several states after the arrow are the outcomes to choose from; *stays* is an act beside the state.
- **posts**: who may take it, at the office that deals with the case. Work the program does from a file is not bounded by a post.
- **not by who took**: the same person may not have taken one of these steps before: anywhere in the case, in the renewal, and for a loan's draw
  in the same draw.
- **due**: proposed number of days from the day the state was entered (for a contribution from the day of the draw, for the end of a
  qualification from the reminder), the setting that holds it, and the open question it rests on until a place decides.
- **row**: the row of the programme's own process table; **clauses**: rows of the [clause register](../policies/index.md).
"""


@implements("rg-22", as_="feature")
def reference_page() -> str:
    """Return the page in Markdown; Chinese names of posts come from the catalogue, so Django must be set up."""
    parts = [_TOP, _posts()]
    parts += [_section("Application", each) for each in CASES.values()]
    parts += [_section("Renewal", RENEWAL)]
    parts += [_section("Loan", each, draws=True) for each in LOANS.values()]
    parts += [_section("Beside a loan", each) for each in (FRAUD, LISTING)]
    parts += [_section("Personal account", each) for each in (TRANSFER, BENEFIT, AFTER_DEATH, HELP, SELF_SERVICE)]
    parts += [_section("Measure", MEASURE)]
    return "\n".join([*parts, _draws()])


def _posts() -> str:
    lines = ["## Posts", "", "| post | in Chinese | office |", "|---|---|---|", f"| `{CITIZEN}` | 申请人本人 | |"]
    offices: dict[Role, list[str]] = {}
    for kind, roles in ROLES_OF.items():
        for role in roles:
            offices.setdefault(role, []).append(f"`{kind.value}`")
    with override("zh-hans"):
        lines += [f"| `{role.value}` | {role.label} | {', '.join(kinds)} |" for role, kinds in offices.items()]
    return "\n".join([*lines, ""])


def _section(what: str, process: Process, *, draws: bool = False) -> str:
    heads = ["row", "step", "from → to", "posts", "not by who took", "due", "clauses"]
    if draws:
        heads.insert(3, "its draw")
    lines = [f"## {what}: {process.title.en} ({process.title.zh}, `{process.policy_id}`)", ""]
    lines += [
        "| state | in Chinese | what the person is told | |",
        "|---|---|---|---|",
        *(_state(each) for each in process.states),
    ]
    lines += ["", _row(heads), "|---" * len(heads) + "|"]
    lines += [_row(_step(process, each, draws=draws)) for each in process.transitions]
    return "\n".join([*lines, ""])


def _state(state: State) -> str:
    return _row([f"`{state.name}`", state.label.zh, f"{state.waiting.zh} · {state.waiting.en}", "ends" if state.final else ""])


def _step(process: Process, row: Transition, *, draws: bool) -> list[str]:
    notes = [word for word, there in (("waits", row.waits), ("reason", row.reason)) if there]
    step = f"`{row.verb}` {row.label.zh} · {row.label.en}" + (f" *({', '.join(notes)})*" if notes else "")
    start = _names(row.start) or "(opens)"
    cells = [
        row.row,
        step,
        f"{start} → {_names(row.ends) if row.ends else '*stays*'}",
        _names(row.posts),
        _names(row.apart_from),
        _due(row.due),
        ", ".join(row.clauses),
    ]
    if draws:
        cells.insert(3, _move(process.policy_id, row.verb))
    return cells


def _move(policy_id: str, verb: str) -> str:
    if verb == "plan_year":
        return "→ `planned`"
    if verb not in TRANCHE_MOVES:
        return ""
    return f"{_names(tranche_starts(policy_id, verb))} → `{TRANCHE_MOVES[verb][1]}`"


def _due(due: Due | None) -> str:
    if due is None:
        return ""
    count = "the same day" if due.days == 0 else f"{due.days} {due.unit} days"
    return f"{count} (`setting.{due.setting}`, {settings()[due.setting].question})"


def _draws() -> str:
    lines = ["## A year's draw", "", "| state | in Chinese | |", "|---|---|---|"]
    lines += [_row([f"`{each.name}`", each.label.zh, "may still be paid out" if each.open else ""]) for each in TRANCHE_STATES]
    return "\n".join([*lines, ""])


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhubao.config.settings")
    django.setup()
    sys.stdout.write(reference_page())
