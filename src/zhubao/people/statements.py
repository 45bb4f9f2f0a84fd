"""What somebody states about a person, before it is a row: always with where it comes from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

_ORIGIN_LENGTHS = {"source": 200, "roster_file": 40, "sheet": 80}
ORIGIN_COLUMNS = (*_ORIGIN_LENGTHS, "row")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from: in words, and the roster file (``file:12``), sheet and row when it was read from one."""

    source: str
    roster_file: str = ""
    sheet: str = ""
    row: int | None = None

    def columns(self) -> dict[str, Any]:
        """Return the columns of `Sourced`, cut to their lengths."""
        cut: dict[str, Any] = {name: getattr(self, name)[:length] for name, length in _ORIGIN_LENGTHS.items()}
        return {**cut, "row": self.row}

    def at_row(self, row: int | None) -> "Origin":
        """Return the same file and sheet with another row."""
        return Origin(self.source, self.roster_file, self.sheet, row)


@dataclass(frozen=True, slots=True)
class InsuredStatement:
    """What the insurance register says of somebody in one scheme on the day `recorded_on`.

    Months are counts, money is fen (the tier a year), the index of wages in ppm; None and "" were not given.
    """

    scheme: str
    recorded_on: date
    origin: Origin
    participation_type: str = ""
    insured_area: str = ""
    paid_months: int | None = None
    deemed_months: int | None = None
    deemed_confirmed: bool | None = None
    back_payable_months: int | None = None
    continuing: bool | None = None
    retirement_category: str = ""
    student: bool | None = None
    military: bool | None = None
    imprisoned: bool | None = None
    deceased: bool | None = None
    receiving_pension: bool | None = None
    chosen_tier_fen: int | None = None
    account_fen: int | None = None
    index_ppm: int | None = None

    def content(self) -> dict[str, Any]:
        """Return what is stated, without the day and the origin."""
        return {each: getattr(self, each) for each in INSURED_CONTENT}


INSURED_CONTENT = tuple(each.name for each in fields(InsuredStatement) if each.name not in {"recorded_on", "origin"})


@dataclass(frozen=True, slots=True)
class IdentityStatement:
    """That a department certifies a category for somebody; both days included, None is open."""

    category: str
    certifier: str
    origin: Origin
    starts_on: date | None = None
    ends_on: date | None = None
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class MemberStatement:
    """One member of a household as the booklet or the declaration shows them; income a month in fen."""

    name: str
    relation: str
    id_number: str = ""
    born: date | None = None
    employer: str = ""
    phone: str = ""
    able: bool | None = None
    employed: bool | None = None
    monthly_income_fen: int | None = None


@dataclass(frozen=True, slots=True)
class InsuredRow:
    """One row of a file of insured persons: who (number already checked), and what it states."""

    id_number: str
    name: str
    statement: InsuredStatement


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """One row of a department's list: who (number already checked), the days it gives, the certificate, where it stands."""

    id_number: str
    name: str
    category: str
    row: int
    sheet: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    certificate: str = ""


def readable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given, as an audit entry holds it: days as text, empty values left out."""
    given = {name: value for name, value in values.items() if value is not None and value != ""}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def as_columns(statement: IdentityStatement) -> dict[str, Any]:
    """Return an identity statement as the columns of its row."""
    columns = asdict(statement)
    del columns["origin"]
    return {**columns, **statement.origin.columns()}
