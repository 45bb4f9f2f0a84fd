"""What is looked at before a figure is entered: every fault is found, so that a file is put right in one go."""

from collections.abc import Iterable, Iterator
from functools import cache

from zhubao.access.actors import Actor, OutOfScope
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import NATION, Bound, Parameter, check_bounds
from zhubao.parameters.local import overlaps
from zhubao.parameters.names import SETTING_PREFIX
from zhubao.parameters.questions import questions, settings
from zhubao.policies import MODULES, judge_of
from zhubao.policies.judging import bounds
from zhubao.rules.policy import Parameter as LawParameter

from .models import LocalFigure

LONGEST = {"value": 200, "source": 300, "decided_by": 100}


def region_of(area_code: str) -> str:
    """Return the region code of an area of the tables: CN → "", 320000 → 32, 320600 → 3206, 320682 stays."""
    if area_code == NATION:
        return ""
    if area_code.endswith("0000"):
        return area_code[:2]
    return area_code[:4] if area_code.endswith("00") else area_code


def faults_of(entries: Iterable[Parameter], *, actor: Actor) -> Iterator[ZhubaoError]:
    """Yield everything that keeps these entries from being entered by this actor, figure by figure.

    OutOfScope for an area that is not the actor's, E-PARAM-LONG for a text that does not fit, E-SETTING-VALUE for a word no rule
    knows, E-PARAM-NARROWS for a figure narrower than its clause allows, E-PARAM-OVERLAP for a day that has a value already. An
    entry that stands already with the same value and dates has no fault.
    """
    listed = list(entries)
    standing = standing_rows(listed)
    for entry in listed:
        if not any(same(entry, row) for row in standing):
            yield from _faults(entry, standing, actor)
    yield from overlaps(listed)


def standing_rows(entries: Iterable[Parameter]) -> list[LocalFigure]:
    """Return the standing figures of the same names and areas as `entries`."""
    listed = list(entries)
    names, areas = {entry.name for entry in listed}, {entry.area_code for entry in listed}
    return list(LocalFigure.objects.standing().filter(name__in=names, area_code__in=areas))


def same(entry: Parameter, row: LocalFigure) -> bool:
    """Tell whether a row says what an entry says, word for word."""
    standing = row.as_parameter()
    return all(
        getattr(entry, field) == getattr(standing, field)
        for field in ("area_code", "name", "value", "unit", "effective_from", "effective_to", "source", "decided_by")
    )


def _faults(entry: Parameter, standing: Iterable[LocalFigure], actor: Actor) -> Iterator[ZhubaoError]:
    if not actor.covers(region_of(entry.area_code)):
        yield OutOfScope.of_region(f"{entry.place} {entry.area_code}".strip(), actor.scope)
    yield from _text_faults(entry)
    yield from _word_faults(entry)
    try:
        check_bounds([entry], all_bounds())
    except ZhubaoError as fault:
        yield fault
    yield from (overlap_fault(entry, row) for row in standing if not row.several and overlapping(entry, row))


def overlapping(entry: Parameter, row: LocalFigure) -> bool:
    """Tell whether an entry and a row of one name and area hold on a common day."""
    if (entry.name, entry.area_code) != (row.name, row.area_code):
        return False
    before = entry.effective_to is not None and row.effective_from is not None and entry.effective_to < row.effective_from
    after = row.effective_to is not None and row.effective_to < entry.effective_from
    return not (before or after)


def overlap_fault(entry: Parameter, row: LocalFigure | None = None) -> ZhubaoError:
    """Return E-PARAM-OVERLAP, naming the value that stands where it is known."""
    zh = f"{entry.name} 在这段日期内已有数值"
    en = f"{entry.name} already has a value in this period"
    if row is not None:
        zh += f"：{row.value}（{row.effective_from or '…'} 至 {row.effective_to or '…'}）"
        en += f": {row.value} ({row.effective_from or '…'} to {row.effective_to or '…'})"
    remedy = Text("先撤销原值，或改起止日期", "withdraw the old one first, or change the dates")
    return ZhubaoError("E-PARAM-OVERLAP", Text(zh, en), place=entry.place or entry.area_code, remedy=remedy)


def _text_faults(entry: Parameter) -> Iterator[ZhubaoError]:
    for field, most in LONGEST.items():
        text = str(getattr(entry, field))
        if len(text) > most:
            zh, en = f"{field} 有 {len(text)} 个字，最多 {most} 个", f"{field} has {len(text)} characters, at most {most} fit"
            yield ZhubaoError("E-PARAM-LONG", Text(zh, en), place=entry.place)
        if "\0" in text:
            problem = Text(f"{field} 含有不能保存的字符", f"{field} holds a character that cannot be kept")
            yield ZhubaoError("E-PARAM-VALUE", problem, place=entry.place)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words a setting may take, the default first; () where it takes a number or a free text."""
    wanted = name.removeprefix(SETTING_PREFIX)
    known = settings().get(wanted) or questions().get(wanted)
    if known is None or not name.startswith(SETTING_PREFIX) or not known.alternatives or takes_number(name):
        return ()
    codes = {word for parameter in law_parameters(name) if parameter.codes for word in parameter.codes}
    return tuple(word for word in (known.value, *known.alternatives) if not codes or word in codes)


def takes_number(name: str) -> bool:
    """Tell whether the value must be a whole number: a number of days, or an answer the rules count with."""
    if not name.startswith(SETTING_PREFIX):
        return False
    return counts_days(name) or any(not parameter.codes for parameter in law_parameters(name))


def counts_days(name: str) -> bool:
    """Tell whether the value is a number of days, 0 to 999."""
    setting = settings().get(name.removeprefix(SETTING_PREFIX))
    return bool(setting and setting.days)


def _word_faults(entry: Parameter) -> Iterator[ZhubaoError]:
    value, words = str(entry.value), words_of(entry.name)
    whole = value.isascii() and value.isdecimal()
    if counts_days(entry.name) and not (whole and len(value) <= 3):
        problem = Text(f"天数应为 0 到 999 的整数，不是“{value}”", f"days are a whole number from 0 to 999, not {value!r}")
        yield ZhubaoError("E-SETTING-VALUE", problem, place=entry.place or entry.name)
    elif takes_number(entry.name) and not whole:
        problem = Text(f"取值应为整数，不是“{value}”", f"must be a whole number, not {value!r}")
        yield ZhubaoError("E-SETTING-VALUE", problem, place=entry.place or entry.name)
    elif words and value not in words:
        listed = ", ".join(words)
        problem = Text(f"取值应为 {listed} 之一，不是“{value}”", f"must be one of {listed}, not {value!r}")
        yield ZhubaoError("E-SETTING-VALUE", problem, place=entry.place or entry.name)


@cache
def all_bounds() -> tuple[Bound, ...]:
    """Return every limit the documents set to what a locality may change."""
    return tuple(bound for policy_id in MODULES for bound in bounds(judge_of(policy_id).policy))


@cache
def law_parameters(name: str) -> tuple[LawParameter, ...]:
    """Return the parameters of the documents that read the entry of this name."""
    declared = (parameter for policy_id in MODULES for parameter in judge_of(policy_id).policy.parameters.values())
    return tuple(parameter for parameter in declared if name in parameter.names)
