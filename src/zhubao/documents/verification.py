"""Papers of the yearly verification: the list for a department or the file, and the letter to a borrower for whom something changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .lists import Cell, Column, PrintedList
from .sheets import ticked
from .typesetting import Printable, PrintedForm


class VerifiedRow(NamedTuple):
    """One borrower as the verification found them; `ended` the last day certified, `starts` the first day of the effect."""

    name: str
    citizen_number: str
    loan_number: str
    category: str
    ended: date | None
    finding: str
    ground: str
    starts: date | None
    decision: str


@dataclass(frozen=True, kw_only=True)
class VerificationList(PrintedList):
    """What a verification found, borrower by borrower."""

    kind: ClassVar[str] = "助保贷款年度核验名单"
    version: ClassVar[str] = "1"

    year: int
    below: str
    rows: tuple[VerifiedRow, ...]

    @property
    def title(self) -> str:
        """The heading with the year."""
        return f"{self.year} 年度助保贷款核验名单"

    @property
    def scope(self) -> str:
        """Department and day of the rosters."""
        return self.below

    def columns(self) -> tuple[Column, ...]:
        """Who, as what, until when, what was found and why, from when, what became of it."""
        return (
            Column("姓名", "text", 7),
            Column("身份证号", "code", 15),
            Column("贷款编号", "code", 11),
            Column("身份类别", "text", 11),
            Column("认定至", "day", 14),
            Column("核验结果", "text", 9),
            Column("原因", "text", 14),
            Column("生效日", "day", 14),
            Column("决定", "text", 8),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a borrower, in the order given."""
        return list(self.rows)


@dataclass(frozen=True, kw_only=True)
class VerificationLetter(PrintedForm):
    """What a borrower is told of a decision: ground, meaning, articles, and the right to object."""

    template: ClassVar[str] = "decision.typ"
    kind: ClassVar[str] = "年度核验结果告知书"
    version: ClassVar[str] = "1"

    title: str
    borrower: str
    citizen_number: str
    loan_number: str
    year: int
    ground: str
    outcome: str
    reason: str
    basis: str
    remedy: str
    office: str

    def content(self) -> dict[str, Printable]:
        """Return the finding, the decision, its basis, and what can be done against it."""
        reason = f"理由：{self.reason.rstrip('。')}。" if self.reason else ""
        return {
            "title": self.title,
            "addressee": self.borrower,
            "citizen_number": self.citizen_number,
            "paragraphs": [
                f"您的助保贷款（编号 {self.loan_number}）经 {self.year} 年度核验：{self.ground}。",
                f"根据{self.basis}，{self.outcome}{reason}",
                self.remedy,
            ],
            "office": self.office,
            "delivery": ticked((("当面送达", False), ("邮寄送达", False), ("留置送达", False))),
        }
