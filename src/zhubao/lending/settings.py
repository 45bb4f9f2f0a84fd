"""Terms of a policy on a day: its defaults with the dated decisions of policy and bank laid over them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .conventions import CONVENTIONS, Convention
from .terms import Terms, day_count_word

# What each document itself fixes or what is proposed where it is silent; everything else stands in `Terms`.
POLICY_DEFAULTS: dict[str, dict[str, Any]] = {
    "jiangxi-2020-7": {
        "rate_basis": "per_tranche",
        "deduction_rule": "remaining_at_least",
        "death_cover": "certified_at_death",
    },
    "rugao-draft": {
        "subsidy_follows": "grace",
        "reset": "anniversary",
        "tenor": "whole_term",
        "deduction_rule": "max_share",
        "share_percent": 50,
        "max_months": 120,
        "death_cover": "all",
        "bank_bears_own_fault": True,
    },
    "tongling-2022-13": {
        "settlement": "quarterly-20",
        "subsidy_follows": "none",
        "tenor": "whole_term",
        "deduction_rule": "exclude_basic",
        "account_part": "loan_formed",
    },
}
PREFIXES = {"jiangxi-2020-7": "jx", "rugao-draft": "rg", "tongling-2022-13": "tl"}
# Fixed by the documents: no setting of a bank or a locality may say otherwise.
FIXED = {
    "jiangxi-2020-7": frozenset({"deduction_rule", "account_part"}),
    "rugao-draft": frozenset({"deduction_rule", "account_part", "bank_bears_own_fault"}),
    "tongling-2022-13": frozenset({"subsidy_follows", "account_part", "death_cover"}),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One decision: `name` is a field of `Terms` or a question id that has one field; both dates are inclusive, None = open.

    Without `decided_by` the value holds, and results stay provisional.
    """

    name: str
    value: Any
    effective_from: date | None = None
    effective_to: date | None = None
    decided_by: str = ""
    source: str = ""

    def holds_on(self, on: date | None) -> bool:
        """Whether the decision holds on a day; without a day only an open one does."""
        if on is None:
            return self.effective_from is None and self.effective_to is None
        return (self.effective_from or date.min) <= on <= (self.effective_to or date.max)


@dataclass(frozen=True, slots=True)
class AgreedTerms:
    """The terms of a policy on a day, and the open points that rest on a default nobody has confirmed."""

    policy: str
    terms: Terms
    unconfirmed: tuple[Convention, ...]

    @property
    def provisional(self) -> list[dict[str, str]]:
        """Rows of a result's list `provisional`: question, default, decider; one a question and point."""
        prefix = PREFIXES[self.policy]
        return [
            {
                "question": point.question_id(prefix) or "",
                "default": point.default.en,
                "default_zh": point.default.zh,
                "decider": point.decider.en,
            }
            for point in self.unconfirmed
        ]


def terms_for(policy: str, overrides: Mapping[str, Any] | Iterable[Setting] = (), on: date | None = None) -> AgreedTerms:
    """Return the terms of a policy (``jiangxi-2020-7``, ``rugao-draft``, ``tongling-2022-13``) as they hold on a day.

    `overrides`: plain values by name (they hold always and confirm nothing), or dated `Setting` records of policy and bank; of two that
    hold the later wins. An open point is confirmed when every one of its settings was decided by somebody.
    Raises E-POLICY-UNKNOWN, E-TERMS-NAME (no such setting), E-TERMS-FIXED (the document leaves no choice), E-TERMS-VALUE.
    """
    if policy not in POLICY_DEFAULTS:
        known = ", ".join(POLICY_DEFAULTS)
        raise ZhubaoError(
            "E-POLICY-UNKNOWN",
            Text(f"没有贷款政策 {policy}", f"there is no loan policy {policy}"),
            place=policy,
            remedy=Text(f"可用：{known}", f"use {known}"),
        )
    given = [Setting(name, value) for name, value in overrides.items()] if isinstance(overrides, Mapping) else list(overrides)
    values = dict(POLICY_DEFAULTS[policy])
    decided: set[str] = set()
    for setting in sorted((s for s in given if s.holds_on(on)), key=lambda s: s.effective_from or date.min):
        name = _field(setting.name, PREFIXES[policy])
        value = day_count_word(setting.value) if name == "day_count" else setting.value
        if name in FIXED[policy] and value != values.get(name, getattr(Terms(), name)):
            raise ZhubaoError(
                "E-TERMS-FIXED",
                Text("文件已有规定，不能另设", "the document itself fixes this; it cannot be set otherwise"),
                place=name,
            )
        values[name] = value
        if setting.decided_by:
            decided.add(name)
        else:
            decided.discard(name)
    return AgreedTerms(policy, Terms(**values), _unconfirmed(policy, decided))


def _unconfirmed(policy: str, decided: set[str]) -> tuple[Convention, ...]:
    """Return the open points of a policy with a setting that nobody decided and the document does not fix."""
    settled = decided | FIXED[policy]
    return tuple(
        point
        for point in CONVENTIONS
        if point.question_id(PREFIXES[policy]) and point.settings and not settled.issuperset(point.settings)
    )


def _field(name: str, prefix: str) -> str:
    """Return the field of `Terms` that a setting or a question id means; E-TERMS-NAME when there is none or more than one."""
    name = name.removeprefix("setting.")
    if name in Terms.__dataclass_fields__:
        return name
    fields = {field for point in CONVENTIONS if point.question_id(prefix) == name for field in point.settings}
    if len(fields) != 1:
        choice = ", ".join(sorted(fields))
        raise ZhubaoError(
            "E-TERMS-NAME",
            Text(f"没有叫 {name} 的设置", f"there is no setting {name}"),
            place=name,
            remedy=Text(f"写明是 {choice}", f"say which: {choice}") if fields else None,
        )
    return fields.pop()
