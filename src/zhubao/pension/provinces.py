"""How the provinces' formulas differ, as data: transition coefficient, counting of years, indexes."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import read_rows


@dataclass(frozen=True, slots=True)
class ProvinceRule:
    """One province: `coefficient_ppm` None = not confirmed; `years` exact or up_to_tenth; `indexes` single or two."""

    province: str
    area_code: str
    coefficient_ppm: int | None
    years: str
    indexes: str
    source: str

    def counted_years(self, months: int) -> Fraction:
        """Return the years that enter the formula for whole months paid."""
        exact = Fraction(months, 12)
        return exact if self.years == "exact" else Fraction(-(-exact.numerator * 10 // exact.denominator), 10)


@cache
def province_rules() -> dict[str, ProvinceRule]:
    """Return the rules by the province's name in a case."""
    return {
        row["province"]: ProvinceRule(
            row["province"],
            row["area_code"],
            int(row["coefficient_ppm"]) if row["coefficient_ppm"] else None,
            row["years"],
            row["indexes"],
            row["source"],
        )
        for row in read_rows("transition")
    }


def province_rule(province: str) -> ProvinceRule:
    """Return one province's rule; E-PROVINCE naming the known ones."""
    rules = province_rules()
    if province not in rules:
        raise ZhubaoError(
            "E-PROVINCE",
            Text(f"没有“{province}”的计发办法", f"there is no formula for {province!r}"),
            place="province",
            remedy=Text(f"可用：{'、'.join(rules)}", f"use one of {', '.join(rules)}"),
        )
    return rules[province]
