"""Kinds of rosters: which department keeps them, the words that give them away, the words taken out before looking."""

from dataclasses import dataclass
from typing import Final

from zhubao.language import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of roster: its code, its label, the Chinese words that name it."""

    code: str
    label: Text
    words: tuple[str, ...]


KINDS: Final = {
    kind.code: kind
    for kind in (
        Kind("special_hardship", Text("特困人员名册", "special hardship (tekun)"), ("特困",)),
        Kind("dibao", Text("低保名册", "subsistence allowance (dibao)"), ("低保", "最低生活保障")),
        Kind("returned_to_poverty", Text("返贫致贫人口名册", "returned to or fallen into poverty"), ("返贫", "致贫")),
        Kind("disabled", Text("残疾人名册", "disabled persons"), ("残疾",)),
        Kind("lifted_out", Text("脱贫人口名册", "lifted out of poverty"), ("脱贫户", "脱贫人口", "建档立卡")),
        Kind(
            "monitored",
            Text("防止返贫监测对象名册", "monitored against return to poverty"),
            ("监测", "防止返贫", "防返贫", "脱贫不稳定", "边缘易致贫", "突发严重困难"),
        ),
        Kind("unemployed", Text("失业人员名册", "registered unemployed"), ("失业", "下岗")),
        Kind("expenditure_poor", Text("支出型贫困家庭名册", "expenditure-based poverty"), ("支出型",)),
        # The civil-affairs name for a household just above the allowance holds the word 低保; it is the low-income household.
        Kind("low_income", Text("低收入家庭名册", "low-income household"), ("低收入", "低保边缘", "最低生活保障边缘")),
        Kind("poor_worker", Text("特困职工名册", "worker in special hardship"), ("特困职工",)),
        Kind("subsidised", Text("社会保险补贴名册", "receives the social insurance subsidy"), ("社会保险补贴", "社保补贴")),
        Kind("applicants", Text("申请人花名册", "applicants"), ("申请",)),
    )
}

# Longest first, so that a longer name (特困职工) is not taken for the shorter one inside it (特困).
_WORDS: Final = sorted(
    ((word, kind.code) for kind in KINDS.values() for word in kind.words), key=lambda pair: (-len(pair[0]), pair)
)


def kinds_named(text: str) -> tuple[str, ...]:
    """Return the kinds that `text` names, in the order of `KINDS`; several when it names several, none when it names none."""
    found = set()
    for word, code in _WORDS:
        if word in text:
            found.add(code)
            text = text.replace(word, "　")
    return tuple(code for code in KINDS if code in found)


# What an applicant may write as his hardship without any roster of it, and the words that tell town from country.
_CLAIMS: Final = {"零就业": "zero_employment", "无子女": "childless", "城镇": "urban", "城市": "urban", "农村": "rural"}


def read_hardship(text: str) -> str | None:
    """Return the kinds of hardship an applicant names, each between semicolons (``;dibao;urban;``); None when none is named."""
    named = [*kinds_named(text), *dict.fromkeys(code for word, code in _CLAIMS.items() if word in text)]
    return f";{';'.join(named)};" if named else None
