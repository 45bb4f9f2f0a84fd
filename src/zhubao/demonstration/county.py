"""Writes a whole demonstration county into a folder: one sub-folder for each kind of place, and a manifest of what is planted."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from . import DEMONSTRATION_NOTICE
from .applicants import LOAN_REGIONS, Applicant, applicants, applicants_file
from .faults import EFFECTS
from .numbers import NumberIssuer
from .parameters import demonstration_parameters_for, write_demonstration_parameters
from .people import SyntheticPerson, people
from .regions import DEMONSTRATION_DAY, REGIONS, RegionKey
from .rosters import Differences, PlantedFile, department_files, differences, insured_file
from .tables import write_tables

# Smallest county in which every region has a few households, and one applicant for each design.
LEAST_PEOPLE = 100
_APPLICANTS_PERCENT = 4
_LEAST_APPLICANTS = 16


@dataclass(frozen=True)
class RegionCounty:
    """One place of the county in memory: everybody, the applicants among them, the files and what must be found in these."""

    region: RegionKey
    people: tuple[SyntheticPerson, ...]
    applicants: tuple[Applicant, ...]
    rosters: tuple[PlantedFile, ...]
    insured: PlantedFile
    differences: Differences

    @property
    def files(self) -> tuple[PlantedFile, ...]:
        """All files of the place, the insured file last."""
        return (*self.rosters, self.insured)


@dataclass(frozen=True)
class Manifest:
    """What `write_county` wrote; `document` is the content of manifest.json, paths relative to `folder`."""

    folder: Path
    people: int
    rosters: int
    applicants: int
    seed: int
    document: dict[str, Any]

    def files(self, region: RegionKey, kind: str | None = None) -> list[Path]:
        """Return the department files and the list of applicants of `region`, or those of one kind ("insured", ...)."""
        chosen = self.document["regions"][region]["files"]
        return [self.folder / file["path"] for file in chosen if (file["kind"] == kind if kind else file["kind"] != "insured")]


def county(count: int, seed: int) -> Iterator[RegionCounty]:
    """Yield the five places of a county of about `count` people, applicants included; pure: nothing is written.

    The people are spread evenly; the first places take what is left over. Raises E-DEMO-PEOPLE below `LEAST_PEOPLE`.
    """
    if count < LEAST_PEOPLE:
        raise ZhubaoError(
            "E-DEMO-PEOPLE",
            Text(f"演示县至少要 {LEAST_PEOPLE} 人", f"a demonstration county needs at least {LEAST_PEOPLE} people"),
            place=str(count),
            remedy=Text("加大 --people", "raise --people"),
        )
    issuer = NumberIssuer()
    for at, region in enumerate(REGIONS):
        share = count // len(REGIONS) + (at < count % len(REGIONS))
        yield _place(share, seed, region, issuer)


def _place(count: int, seed: int, region: RegionKey, issuer: NumberIssuer) -> RegionCounty:
    wanted = max(_LEAST_APPLICANTS, count * _APPLICANTS_PERCENT // 100) if region in LOAN_REGIONS else 0
    asking = applicants(min(wanted, count), seed, region, issuer) if wanted else ()
    everybody = (
        *people(count - len(asking), seed, region, issuer=issuer),
        *(applicant.person for applicant in asking),
    )
    designed = frozenset(applicant.person.id_number for applicant in asking)
    unknown = frozenset(applicant.person.id_number for applicant in asking if not applicant.design.in_insured_file)
    departments = department_files(everybody, seed, region, untouched=designed)
    registered = [person for person in everybody if person.id_number not in unknown]
    insured = insured_file(registered, seed, region, complete=designed)
    rosters = (*departments, applicants_file(asking, seed, region)) if asking else departments
    return RegionCounty(region, everybody, asking, rosters, insured, differences(departments, everybody, insured))


def write_county(out_dir: Path, people: int, seed: int) -> Manifest:
    """Write the county of `people` people and return what was written; the same arguments give the same bytes.

    Layout: ``<region>/<department file>``, ``<region>/parameters.csv``, ``parameters.csv`` (all of them), ``manifest.json``,
    ``说明.txt``. Raises E-FILE-WRITE when the folder cannot be written, E-DEMO-PEOPLE for too small a county.
    """
    from zhubao.parameters.local import write_local_file

    regions: dict[str, Any] = {}
    total = rosters = asking = 0
    try:
        for place in county(people, seed):
            folder = out_dir / place.region
            folder.mkdir(parents=True, exist_ok=True)
            for file in place.files:
                write_tables(folder / file.name, file.form, [sheet.table for sheet in file.sheets])
            write_local_file(folder / "parameters.csv", demonstration_parameters_for(place.region))
            regions[place.region] = _described(place)
            total += len(place.people)
            rosters += len(place.rosters)
            asking += len(place.applicants)
        write_demonstration_parameters(out_dir / "parameters.csv")
        document = {
            "synthetic": True,
            "notice": DEMONSTRATION_NOTICE._asdict(),
            "seed": seed,
            "people": total,
            "on": DEMONSTRATION_DAY.isoformat(),
            "parameters": "parameters.csv",
            "regions": regions,
        }
        (out_dir / "说明.txt").write_text(f"{DEMONSTRATION_NOTICE.zh}\n{DEMONSTRATION_NOTICE.en}\n", encoding="utf-8")
        part = out_dir / ".manifest.json.part"
        part.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(out_dir / "manifest.json")
    except OSError as error:
        raise ZhubaoError(
            "E-FILE-WRITE",
            Text("演示文件写不进这个文件夹", f"the demonstration cannot be written here: {error.strerror}"),
            place=str(out_dir),
            remedy=Text("换一个可写、有空间的文件夹", "choose a folder that is writable and has room"),
        ) from error
    return Manifest(out_dir, total, rosters, asking, seed, document)


def _described(place: RegionCounty) -> dict[str, Any]:
    region = REGIONS[place.region]
    return {
        "name": region.name,
        "area_code": region.code,
        "policy": region.policy,
        "people": len(place.people),
        "parameters": f"{place.region}/parameters.csv",
        "files": [_file(place.region, file) for file in place.files],
        "differences": {name: list(numbers) for name, numbers in asdict(place.differences).items()},
        "applicants": [
            {
                "id_number": applicant.person.id_number,
                "design": applicant.design.key,
                "expected": applicant.design.expected,
                "clause": applicant.design.clause or None,
                "payer": applicant.design.payer,
            }
            for applicant in place.applicants
        ],
    }


def _file(region: RegionKey, file: PlantedFile) -> dict[str, Any]:
    faults = list(_faults(file))
    return {
        "path": f"{region}/{file.name}",
        "kind": file.kind or None,
        "form": file.form,
        "rows": sum(len(sheet.table.rows) for sheet in file.sheets),
        "sheets": [
            {
                "sheet": sheet.table.sheet,
                "kinds": sorted(set(sheet.kinds)),
                "header_row": sheet.table.header_row,
                "rows": len(sheet.table.rows),
            }
            for sheet in file.sheets
        ],
        "effects": {effect: sum(fault["effect"] == effect for fault in faults) for effect in sorted(set(EFFECTS.values()))},
        "faults": faults,
    }


def _faults(file: PlantedFile) -> Iterable[dict[str, Any]]:
    for sheet in file.sheets:
        for fault in sheet.faults:
            yield {
                "sheet": sheet.table.sheet,
                "cell": f"{_letters(fault.column)}{sheet.table.header_row + fault.row + 1}",
                "header": sheet.table.header[fault.column],
                "fault": fault.fault,
                "effect": fault.effect,
                "written": fault.written,
                "id_number": fault.id_number,
                "name": fault.name,
            }


def _letters(column: int) -> str:
    """Return the letter of a column, 0 = A; no layout is wider than 26."""
    return chr(ord("A") + column)
