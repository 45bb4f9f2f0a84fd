"""Bank account numbers and disability certificates: what can be checked in them."""

import re
from dataclasses import dataclass
from datetime import date

from zhubao.language import Text

from .number import CitizenNumber, Finding, normalise, read_number

DISABILITY_KINDS = {
    1: Text("视力", "sight"),
    2: Text("听力", "hearing"),
    3: Text("言语", "speech"),
    4: Text("肢体", "limbs"),
    5: Text("智力", "intellect"),
    6: Text("精神", "mind"),
    7: Text("多重", "several"),
}


@dataclass(frozen=True, slots=True)
class DisabilityCertificate:
    """A certificate number: the person, the kind 1..7 and the grade 1 (heaviest)..4; `reissue` is the tail of a re-issued one."""

    person: CitizenNumber
    kind: int
    grade: int
    reissue: str

    @property
    def severe(self) -> bool:
        """Whether the grade is one or two."""
        return self.grade <= 2


def read_disability_certificate(text: str, today: date) -> DisabilityCertificate | Finding:
    """Return what a number of 20 to 22 characters says: citizen number, kind, grade, and perhaps B with a counter."""
    number = normalise(text)
    found = re.fullmatch(r"(.{18})([1-7])([1-4])(B\d?)?", number)
    if found is None:
        return Finding(
            "E-ID-DISABILITY",
            Text(
                "残疾人证号应为身份证号加类别（1-7）、等级（1-4）",
                "a certificate is the citizen number, a kind 1-7 and a grade 1-4",
            ),
            Text("对照残疾人证更正", "correct it from the certificate"),
        )
    person = read_number(found[1], today)
    if isinstance(person, Finding):
        return person
    return DisabilityCertificate(person, int(found[2]), int(found[3]), found[4] or "")


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def check_account(text: str) -> Finding | None:
    """Return what is wrong or remarkable in a bank account number, or None. Only its characters are a reason to refuse it."""
    number = normalise(text).replace("-", "")
    if not re.fullmatch(r"[0-9]{8,30}", number):
        return Finding(
            "E-ACCOUNT-FORM",
            Text("账号应为 8 至 30 位数字", "an account is 8 to 30 digits"),
            Text("对照存折或社保卡更正", "correct it from the passbook or card"),
        )
    if 16 <= len(number) <= 19 and not luhn_holds(number):
        return Finding(
            "R-ACCOUNT-LUHN",
            Text("账号末位与校验规则不符", "the last digit does not fit the check rule of cards"),
            Text("核对账号；部分银行账号不用该规则", "check it; some accounts do not follow the rule"),
        )
    return None
