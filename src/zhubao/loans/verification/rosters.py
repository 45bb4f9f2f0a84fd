"""Which rosters a verification rests on: the newest complete list of each category and department, and which of them are recent enough."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from zhubao.people.models import CategoryList, Identity

from .rule import Category


@dataclass(frozen=True)
class Asked:
    """One roster asked for: a category as one department certifies it, its place among the bits of a mask, and the lists there are.

    `lists`: the newest complete list of every place of the region that has one, the day of the verification included.
    """

    category: Category
    certifier: str
    bit: int
    lists: tuple[CategoryList, ...]

    def recent(self, fresh_from: date) -> tuple[CategoryList, ...]:
        """Return the lists that are evidence: none older than `fresh_from`."""
        return tuple(each for each in self.lists if each.listed_on >= fresh_from)


def rosters_asked(categories: Sequence[Category], region_code: str, as_of: date) -> list[Asked]:
    """Return every roster that may carry somebody of a region, in the order of the document; lists of a place above count too."""
    rows = CategoryList.objects.filter(category__in=[each.code for each in categories], listed_on__lte=as_of)
    newest: dict[tuple[str, str, str], CategoryList] = {}
    for row in rows.order_by("listed_on", "pk"):
        if row.region_code.startswith(region_code) or region_code.startswith(row.region_code):
            newest[row.category, row.certifier, row.region_code] = row
    found: list[Asked] = []
    for category in categories:
        for certifier in category.certifiers:
            mine = [row for (code, by, _place), row in newest.items() if (code, by) == (category.code, certifier)]
            found.append(Asked(category, certifier, 1 << len(found), tuple(sorted(mine, key=lambda row: row.region_code))))
    return found


def fresh_masks(asked: Iterable[Asked], fresh_from: date, regions: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return for each region the rosters that cover it, as bits of `Asked`, and the categories they settle, as bits of `Category`."""
    wanted = [(each, each.recent(fresh_from)) for each in asked]
    masks = {}
    for region in regions:
        covering = [each for each, lists in wanted if any(region.startswith(row.region_code) for row in lists)]
        masks[region] = _either(each.bit for each in covering), _either(each.category.bit for each in covering)
    return masks


def digest_of(asked: Iterable[Asked], region_code: str, fresh_from: date) -> str:
    """Return what names the state of the registers a verification looks at: its lists, which of them are evidence, and how the
    certified identities stand."""
    parts = []
    codes = set()
    for each in asked:
        codes.add(each.category.code)
        parts += [f"{each.category.code}/{each.certifier}/{row.pk}/{row.listed_on >= fresh_from}" for row in each.lists]
    standing = Identity.objects.filter(category__in=codes, region_code__startswith=region_code)
    told = standing.aggregate(count=Count("pk"), last=Max("pk"), over=Count("ends_on"), taken=Count("withdrawn_at"))
    parts += [f"{name}={value}" for name, value in told.items()]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def _either(bits: Iterable[int]) -> int:
    result = 0
    for bit in bits:
        result |= bit
    return result
