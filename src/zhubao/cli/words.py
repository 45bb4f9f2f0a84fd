"""Words for the codes and figures of a result, for those who read it without `--json`."""

from collections.abc import Mapping
from typing import Any, Final

from zhubao.language import Language, Text
from zhubao.parameters.questions import questions, unfollowed_words
from zhubao.policies.vocabulary import FACTS
from zhubao.rules.compiled import Scalar
from zhubao.rules.policy import Policy

VERDICTS: Final = {
    "met": Text("符合", "met"),
    "not_met": Text("不符合", "not met"),
    "evidence_missing": Text("待核实", "evidence missing"),
    "to_be_decided": Text("待定", "to be decided"),
}
AMOUNTS: Final = {
    "annual_cap_fen": Text("年度贷款上限", "most a year"),
    "months": Text("可助保月数", "months to be paid"),
    "monthly_fen": Text("月缴费额", "contribution a month"),
    "credit_line_fen": Text("贷款额度", "credit line"),
    "projected_months": Text("到龄预计累计月数", "months by the age"),
    "months_needed": Text("尚缺月数", "months still needed"),
    "rate_cap_ppm": Text("利率上限", "highest rate"),
    "rate_ppm": Text("利率", "rate"),
    "on_behalf_fen": Text("代缴金额", "paid on behalf"),
    "self_pay_fen": Text("自付金额", "paid by the person"),
    "tier_fen": Text("缴费档次", "tier"),
    "lowest_tier_fen": Text("最低档次", "lowest tier"),
}
CODES: Final = {
    "male": Text("男", "male"),
    "female": Text("女", "female"),
    "employee_pension": Text("企业职工养老保险", "employee scheme"),
    "resident_pension": Text("城乡居民养老保险", "resident scheme"),
    "institution_pension": Text("机关事业单位养老保险", "scheme of public institutions"),
    "none": Text("未参保", "not enrolled"),
    "flexible": Text("灵活就业", "flexible worker"),
    "employer": Text("单位参保", "through an employer"),
    "male60": Text("男职工（原 60 周岁）", "male, formerly 60"),
    "female55": Text("女职工（原 55 周岁）", "female, formerly 55"),
    "female50": Text("女职工（原 50 周岁）", "female, formerly 50"),
    "resident60": Text("城乡居民（60 周岁）", "resident, 60"),
    "civil_affairs": Text("民政部门", "civil affairs"),
    "rural_revitalisation": Text("乡村振兴部门", "rural revitalisation"),
    "poverty_office": Text("扶贫部门", "poverty office"),
    "federation": Text("残联", "disabled persons' federation"),
    "hrss": Text("人社部门", "human resources and social security"),
    "trade_union": Text("总工会", "trade union"),
    "finance": Text("财政部门", "finance"),
    "borrower": Text("本人", "the borrower"),
}


def yuan(fen: int, language: Language) -> str:
    """Return an amount of fen as yuan with two decimals and the unit."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d} {Text('元', 'yuan').in_(language)}"


def percent(ppm: int) -> str:
    """Return parts per million as a percentage, two decimals or as many as it takes."""
    digits = f"{ppm % 10_000:04d}"
    return f"{ppm // 10_000}.{digits[:2]}{digits[2:].rstrip('0')}%"


def value_words(value: Scalar, unit: str, policy: Policy, language: Language) -> str:
    """Return the value of a clause as a clerk says it: yes and no, yuan, per cent, the label of a category."""
    if isinstance(value, bool):
        return (Text("是", "yes") if value else Text("否", "no")).in_(language)
    if isinstance(value, int):
        if unit == "fen":
            return yuan(value, language)
        if unit == "ppm":
            return percent(value)
        return f"{value} {Text('个月', 'months').in_(language)}" if unit == "months" else str(value)
    return code_words(str(value), policy, language)


def code_words(code: str, policy: Policy | None, language: Language) -> str:
    """Return the label of a category, payer or other code; what has no label stays as it is."""
    if policy is not None and code in policy.identities:
        return policy.identities[code].label.in_(language)
    return CODES[code].in_(language) if code in CODES else code


def amount_words(key: str, amount: int | None, language: Language, *, undecided: bool = False) -> str:
    """Return one of the amounts of a result with its name; one that is not known waits for evidence, or for a decision."""
    name = AMOUNTS[key].in_(language) if key in AMOUNTS else key
    if amount is None:
        shown = (VERDICTS["to_be_decided"] if undecided else Text("待核实", "not known")).in_(language)
    elif key.endswith("_fen"):
        shown = yuan(amount, language)
    else:
        shown = percent(amount) if key.endswith("_ppm") else str(amount)
    return f"{name}: {shown}"


def fact_words(fact: str, policy: Policy, language: Language) -> str:
    """Return the label of a fact of a person or of a figure, a figure with the name it is entered under."""
    identity = policy.identities.get(fact.removeprefix("identities."))
    if identity is not None:
        return identity.label.in_(language)
    if fact in policy.parameters:
        return f"{policy.parameters[fact].label.in_(language)} {fact}"
    for subject, zh, en, _ in FACTS.values():
        if subject == fact and fact != "family":
            return Text(zh, en).in_(language)
    return fact


def missing_words(row: Mapping[str, Any], policy: Policy, language: Language) -> str:
    """Return what a result lacks: a fact of the person, or a figure with the name and the area it is entered under."""
    return " ".join([fact_words(row["fact"], policy, language), *([row["area_code"]] if "area_code" in row else [])])


def provisional_words(row: Mapping[str, Any], policy: Policy, language: Language) -> str:
    """Return an unconfirmed default with its question, or the question alone where nothing was taken and clauses wait for an answer."""
    question = row["question"]
    if row.get("to_be_decided"):
        return f"{VERDICTS['to_be_decided'].in_(language)}: {question} {questions()[question].question.in_(language)}"
    taken = Text("暂按默认", "provisional").in_(language)
    remark = f" {unfollowed_words(row['decided']).in_(language)}" if "decided" in row else ""
    return f"{taken}: {fact_words(question, policy, language)} {row['default']}{remark}"


def unverified_words(row: Mapping[str, Any], policy: Policy, language: Language) -> str:
    """Return a figure that is general knowledge as what it is, with its name and the source somebody should look it up in."""
    name = row["parameter"]
    value = value_words(row["value"], policy.parameters[name].unit, policy, language)
    unverified = Text("未经核实的数值", "unverified").in_(language)
    return f"{unverified}: {fact_words(name, policy, language)} = {value} ({row['source']})"
