"""Whether a roster is of this region: by the area part of its numbers, old codes of the same places included."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from zhubao.errors import ZhubaoError
from zhubao.identity import Area, area_name, area_remark, areas
from zhubao.language import Text

from .rows import ReadSheet

# Names that many prefectures share tell nothing about which one is meant.
_SHARED_NAMES: Final = frozenset(("市辖区", "县", "郊区", "城区", "矿区", "省直辖县级行政区划"))
_PLACES: Final = ("hukou", "residence", "insured_locality")


def codes_of(region: str) -> frozenset[str]:
    """Return the codes of a region (its leading digits), today's and those its places had before.

    A place kept its name, or its stem when a county became a city or a district (南康县, 南康市, 南康区): only codes of the same
    province that are no longer given out count by the stem, for neighbours of today share stems.
    """
    known = areas()
    names = {area.name for code, each in known.items() if code.startswith(region) for area in each} - _SHARED_NAMES
    stems = {stem for stem in map(_stem, names) if len(stem) > 1}
    return frozenset(
        code
        for code, each in known.items()
        if code.startswith(region)
        or any(area.name in names for area in each)
        or (code[:2] == region[:2] and _given_up(each) and any(_stem(area.name) in stems for area in each))
    )


def _stem(name: str) -> str:
    return name.removesuffix("自治县").rstrip("县市区")


def _given_up(each: tuple[Area, ...]) -> bool:
    """Tell whether a code stands for no place today."""
    return all(area.effective_to is not None for area in each)


def _any_insured_here(rows: pa.Table, sheets: list[ReadSheet], file: str, region: str, insured: pa.Table | None) -> bool:
    """Whether somebody in `file` is insured in the region."""
    if insured is None:
        return False
    here = insured.filter(pc.starts_with(insured.column("insured_locality"), region)).column("id_number")
    sources = pa.array([number for number, sheet in enumerate(sheets) if sheet.file == file], pa.int64())
    numbers = rows.filter(pc.is_in(rows.column("source"), sources)).column("id_number")
    return pc.any(pc.is_in(numbers, here)).as_py() is True


def check_region(
    rows: pa.Table, sheets: list[ReadSheet], region: str, *, insured: pa.Table | None = None, accept_other: bool = False
) -> None:
    """Count rows whose number was first issued elsewhere; raise E-REGION for a file none of whose rows fits the region.

    The area part of a number is where it was first issued, so single strangers are normal; a person among the `insured` of the
    region belongs to it whatever the number says. `accept_other` lets a whole file pass.
    """
    prefixes = pc.utf8_slice_codeunits(rows.column("id_number"), 0, 6)
    table = pa.table({"source": rows.column("source"), "area": prefixes, **{place: rows.column(place) for place in _PLACES}})
    groups = table.group_by(["source", "area", *_PLACES]).aggregate([([], "count_all")]).to_pylist()
    fitting = codes_of(region)
    files: dict[str, bool] = {}
    for each in groups:
        sheet = sheets[each["source"]]
        count = each["count_all"]
        here = any((each[place] or "").startswith(region) for place in _PLACES)
        fits = here or each["area"] in fitting or each["area"].startswith(region)
        files[sheet.file] = files.get(sheet.file, False) or fits
        if not fits:
            sheet.remarks["first_issued_elsewhere"] = sheet.remarks.get("first_issued_elsewhere", 0) + count
        if area_remark(each["area"]) is not None:
            sheet.remarks["unknown_area_code"] = sheet.remarks.get("unknown_area_code", 0) + count
    strangers = [file for file, fits in files.items() if not fits and not _any_insured_here(rows, sheets, file, region, insured)]
    if strangers and not accept_other:
        name = area_name(region.ljust(6, "0")) or region
        raise ZhubaoError(
            "E-REGION",
            Text(
                f"没有一行属于{name}，像是别处的名册", f"not one row belongs to {name}: this looks like another region's roster"
            ),
            place=strangers[0],
            remedy=Text("核对文件；确实是本地名册的，加 --other-region", "check the file; if it is right, add --other-region"),
        )
