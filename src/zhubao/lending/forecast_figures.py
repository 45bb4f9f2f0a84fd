"""The dated figures a forecast needs: from the case, else from the tables, carried on by a yearly growth, every stand-in named."""

from datetime import date
from typing import Any

from zhubao.language import Language, Text
from zhubao.parameters import NATION, Parameter, ParameterBook
from zhubao.pension import Retirement, month_text, retirement
from zhubao.pension.estimate import Marks

from .forecast_case import ForecastCase, Step
from .money import half_up

AGENCY = Text("经办机构", "agency")
BANK = Text("银行", "bank")
PROVINCE = Text("省级人社部门", "province")
_GROWTH_OF = {
    "lowest_tier_monthly_fen": "tier_growth_ppm",
    "lowest_tier_yearly_fen": "tier_growth_ppm",
    "calc_base_fen": "calc_base_growth_ppm",
    "basic_pension_fen": "pension_growth_ppm",
    "floor_fen": "floor_growth_ppm",
}
_CARRIED_ON = {
    "lowest_tier_monthly_fen": (Text("最低缴费档次", "lowest tier"), PROVINCE),
    "lowest_tier_yearly_fen": (Text("居民最低缴费档次", "lowest resident tier"), PROVINCE),
    "calc_base_fen": (Text("计发基数", "calculation base"), PROVINCE),
    "basic_pension_fen": (Text("基础养老金标准", "basic pension"), PROVINCE),
    "floor_fen": (Text("城镇低保标准", "urban minimum-living standard"), Text("民政部门", "civil affairs")),
    "account_crediting_ppm": (Text("个人账户记账利率", "crediting rate of the account"), Text("国家", "the state")),
}
REMEDIES = {
    "lowest_tier_monthly_fen": Text("录入当年灵活就业最低缴费档次", "enter the lowest flexible tier of the year"),
    "calc_base_fen": Text("录入计发基数", "enter the calculation base"),
    "floor_fen": Text("录入当年当地城镇低保标准", "enter the local urban minimum-living standard of the year"),
    "account_crediting_ppm": Text("录入个人账户记账利率", "enter the crediting rate of the account"),
    "basic_pension_fen": Text("录入当地基础养老金标准", "enter the local basic pension"),
    "lowest_tier_yearly_fen": Text("录入居民最低缴费档次", "enter the lowest resident tier"),
}


class Tables:
    """Table look-ups of many cases, each done once."""

    def __init__(self, book: ParameterBook) -> None:
        self.book = book
        self._steps: dict[tuple[str, str, date], tuple[tuple[Step, ...], dict[date, Parameter]]] = {}
        self._found: dict[tuple[str, date, str], Parameter | None] = {}
        self._retirements: dict[tuple[int, str, date], Retirement] = {}

    def steps(self, name: str, area_code: str, on: date) -> tuple[tuple[Step, ...], dict[date, Parameter]]:
        """Return the entries of a name in the nearest area that has any, as ascending steps and by first day.

        A value nobody has checked and whose time is over on `on` is left out: it says nothing about today.
        """
        key = name, area_code, on
        if key not in self._steps:
            kept = {
                entry.effective_from: entry
                for entry in self.book.segments(name, area_code)
                if not entry.unverified or entry.holds_on(on)
            }
            self._steps[key] = tuple(Step(start, entry.number()) for start, entry in kept.items()), kept
        return self._steps[key]

    def find(self, name: str, on: date, area_code: str = NATION) -> Parameter | None:
        """Return the entry in force on a day in the nearest area that has one."""
        key = name, on, area_code
        if key not in self._found:
            self._found[key] = self.book.find(name, on, area_code)
        return self._found[key]

    def retirement(self, birth: int, category: str, on: date) -> Retirement:
        """Return when people of a month of birth (year × 12 + month) and category reach the age, by the tables in force on `on`."""
        key = birth, category, on
        if key not in self._retirements:
            self._retirements[key] = retirement(month_text(birth), category, on)
        return self._retirements[key]


class Figures:
    """The figures of one case. Values are fen or ppm; what is missing, provisional or unverified is kept in `marks`."""

    def __init__(self, case: ForecastCase, tables: Tables) -> None:
        self.case = case
        self.tables = tables
        self.marks = Marks()
        self._noted: set[str] = set()
        self._marked: set[tuple[str, date]] = set()
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._entries: dict[str, dict[date, Parameter]] = {}

    def steps(self, name: str) -> tuple[Step, ...]:
        """Return what is known under a name as steps in ascending order: the case's own list, else (absent or empty) the table."""
        found = self._steps.get(name)
        if found is None:
            given = self.case.steps.get(name)
            found = self._steps[name] = given or self._of_table(name)
        return found

    def _of_table(self, name: str) -> tuple[Step, ...]:
        table = "resident_crediting_ppm" if name == "account_crediting_ppm" and self.case.policy.resident else name
        steps, self._entries[name] = self.tables.steps(table, self.case.person.area_code, self.case.on)
        return steps

    def in_year(self, name: str, year: int, day: date | None = None) -> int | None:
        """Return the value for `day` (default: 1 January) of `year`: in force, or the last known × growth; None when there is none.

        Growth is compounded from the year of the last known value and rounded half up to the fen once.
        """
        on = day or date(year, 1, 1)
        steps = self.steps(name)
        last = steps[-1] if steps and steps[-1].start <= on else None
        for step in steps if last is None else ():
            # Where nothing earlier is known a value that begins later in the same year serves the whole year.
            if step.start > on and (last is not None or step.start.year > year):
                break
            last = step
        if last is None:
            self.lacks(name)
            return None
        return self._carried_on(name, last, year)

    def _known_year(self, name: str, step: Step) -> int:
        """Return the last year a value is known for; note a table value that stands on general knowledge or on a national minimum."""
        entry = self._entries[name].get(step.start) if name in self._entries else None
        if entry is None:
            return step.start.year
        if entry.unverified and (name, step.start) not in self._marked:
            self._marked.add((name, step.start))
            self.marks.note(entry)
        if name == "basic_pension_fen" and entry.area_code == NATION:
            self.assume("basic_pension_area", Text("基础养老金按全国最低标准", "basic pension: the national minimum"), PROVINCE)
        known_to = self.case.on.year if entry.effective_to is None else min(self.case.on.year, entry.effective_to.year)
        return max(step.start.year, known_to)

    def table(self, name: str, first: date, last_year: int) -> tuple[Step, ...] | None:
        """Return the values of `first`..`last_year` as steps that begin on `first`, grown each 1 January; None when unknown."""
        steps = self.steps(name)
        days = {first} | {step.start for step in steps if first < step.start and step.start.year <= last_year}
        known = max((step.start.year for step in steps), default=first.year)
        last = last_year if self.growth(_GROWTH_OF[name]) else min(last_year, max(known, self.case.on.year, first.year) + 1)
        days |= {date(year, 1, 1) for year in range(first.year + 1, last + 1)}
        rows: list[Step] = []
        for day in sorted(days):
            value = (
                self.in_year(name, day.year, day)
                if not rows or day <= steps[-1].start
                else self._carried_on(name, steps[-1], day.year)
            )
            if value is None:
                return None
            if not rows or rows[-1].value != value:
                rows.append(Step(day, value))
        return tuple(rows)

    def _carried_on(self, name: str, last: Step, year: int) -> int:
        """Return a step's value × the growth from the last year it is known for to `year`, rounded half up once."""
        years = year - self._known_year(name, last)
        if years <= 0:
            return last.value
        self._carried(name, year - years)
        growth = self.growth(_GROWTH_OF.get(name, ""))
        return half_up(last.value * (1_000_000 + growth) ** years, 1_000_000**years) if growth else last.value

    def growth(self, name: str) -> int:
        """Return a yearly growth in ppm; the calculation base grows as pensions do unless it has its own."""
        if name == "calc_base_growth_ppm" and name not in self.case.growths:
            name = "pension_growth_ppm"
        return self.case.growths.get(name, 0)

    def _carried(self, name: str, year: int) -> None:
        if name in self._noted:
            return
        label, decider = _CARRIED_ON[name]
        growth = self.growth(_GROWTH_OF.get(name, ""))
        rise = f"{growth // 10_000}.{growth % 10_000 // 100:02d}%"
        rising = Text(f"、每年增长 {rise} ", f", growing {rise} a year") if name in _GROWTH_OF else Text("", "")
        self.assume(
            name,
            Text(
                f"以后年度{label.zh}按 {year} 年数值{rising.zh}推算",
                f"{label.en} of later years: the value of {year}{rising.en}",
            ),
            decider,
        )

    def assume(self, question: str, default: Text, decider: Text) -> None:
        """Note once what stands in for something nobody has decided or published."""
        if question not in self._noted:
            self._noted.add(question)
            self.marks.provisional.append(
                {
                    "question": question,
                    "default": default.en,
                    "default_zh": default.zh,
                    "decider": decider.en,
                    "decider_zh": decider.zh,
                }
            )

    def lacks(self, fact: str, needed_by: tuple[str, ...] = (), remedy: Text | None = None) -> None:
        """Note once that something is not known; `needed_by` are clause ids or parts of the result."""
        if f"missing {fact}" in self._noted:
            return
        self._noted.add(f"missing {fact}")
        area = self.case.person.area_code if fact in REMEDIES else None
        needed = needed_by or NEEDED_BY.get((fact, self.case.policy.id), NEEDED_BY.get((fact, ""), ()))
        self.marks.lacks(fact, list(needed), remedy or REMEDIES[fact], area)


NEEDED_BY = {
    ("lowest_tier_monthly_fen", "jiangxi-2020-7"): ("jx-2.3b",),
    ("lowest_tier_monthly_fen", "rugao-draft"): ("rg-8a",),
    ("floor_fen", ""): ("jx-3.2c",),
    ("calc_base_fen", ""): ("pension",),
    ("account_crediting_ppm", ""): ("pension",),
    ("basic_pension_fen", ""): ("tl-4.2b", "pension"),
    ("lowest_tier_yearly_fen", ""): ("comparison",),
}


def marks_json(marks: Marks, language: Language) -> dict[str, list[dict[str, Any]]]:
    """Return the three lists of a result in one language."""

    def rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if language == "zh":
            found = [{key: row.get(f"{key}_zh", value) for key, value in row.items()} for row in found]
        return [{key: value for key, value in row.items() if not key.endswith("_zh")} for row in found]

    return {"missing": rows(marks.missing), "provisional": rows(marks.provisional), "unverified": rows(marks.unverified)}
