"""The only writers of rosters. Each action is one transaction with its audit entry in it."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.private_files import private_folder
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.policies.judging import area_of
from zhubao.programmes.selectors import parameter_book
from zhubao.screening.kinds import KINDS

from .models import FileState, RosterFile, Screening, ScreeningState

SCREENING_ROLES = (*AGENCY_ROLES, Role.HRSS_SUPERVISOR)
RECEIVING_ROLES = (*SCREENING_ROLES, Role.CERTIFIER)


def receive_file(
    chunks: Iterable[bytes],
    *,
    name: str,
    region_code: str,
    kind: str = "",
    insured: bool = False,
    actor: Actor,
    now: datetime,
) -> tuple[RosterFile, bool]:
    """Keep a file and return its row, and whether it is new: the same bytes for the same region change nothing.

    `kind` is what the sender says it is, "" to let the file speak. Raise E-UPLOAD-LARGE as soon as the limit is
    passed, E-FILE-EMPTY for no bytes, E-KIND for no such kind, OutOfScope for another region or post.
    """
    organisation_id, user_id = _at_a_post(actor, RECEIVING_ROLES)
    actor.require_region(region_code)
    if kind and kind not in KINDS:
        raise ZhubaoError("E-KIND", Text("没有这一类名册", "there is no such kind of roster"), place=kind)
    folder = private_folder("rosters")
    temporary, digest, size = _write(folder, chunks, name)
    try:
        stored = folder / f"{digest}{Path(name).suffix.lower()[:8]}"
        with transaction.atomic():
            file, made = RosterFile.objects.get_or_create(
                region_code=region_code,
                sha256=digest,
                defaults={
                    "organisation_id": organisation_id,
                    "name": name[:200],
                    "kind": kind,
                    "insured": insured,
                    "size": size,
                    "stored_as": f"rosters/{stored.name}",
                    "received_at": now,
                    "received_by_id": user_id,
                },
            )
            os.replace(temporary, stored)
            if made:
                record(
                    "roster.received",
                    f"roster:{file.pk}",
                    actor=actor,
                    now=now,
                    region_code=region_code,
                    after={"name": file.name, "sha256": digest, "size": size, "kind": kind, "insured": insured},
                )
        return file, made
    finally:
        temporary.unlink(missing_ok=True)


def _at_a_post(actor: Actor, roles: Iterable[str]) -> tuple[int, int]:
    """Return organisation and user of an actor who has one of `roles`; raise OutOfScope for others and for the system."""
    actor.require_role(*roles)
    if actor.organisation_id is None or actor.user_id is None:
        raise OutOfScope(actor.name, Text("须由在岗人员办理", "only somebody at a post does this"))
    return actor.organisation_id, actor.user_id


def _write(folder: Path, chunks: Iterable[bytes], name: str) -> tuple[Path, str, int]:
    """Write the bytes to a new file readable by the service alone; return it with its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
    temporary = Path(path)
    try:
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT_BYTES:
                    raise too_large(name)
                digest.update(chunk)
                stream.write(chunk)
        if size == 0:
            raise ZhubaoError("E-FILE-EMPTY", Text("文件是空的", "the file is empty"), place=name)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary, digest.hexdigest(), size


def too_large(name: str) -> ZhubaoError:
    """Return the refusal of a file over the upload limit."""
    limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
    return ZhubaoError(
        "E-UPLOAD-LARGE",
        Text(f"文件超过 {limit} MB", f"the file is larger than {limit} MB"),
        place=name,
        remedy=Text("分成几份上传，或请管理员调整上限", "send it in parts, or ask the administrator to raise the limit"),
    )


@transaction.atomic
def note_reading(file_id: int, sheets: list[dict[str, Any]], *, insured: bool, actor: Actor, now: datetime) -> RosterFile:
    """Keep what the reading of a file found: sheets with mapping and counts. Reading it again changes nothing.

    `insured` says that the file turned out to hold insured persons.
    """
    file = RosterFile.objects.select_for_update().get(pk=file_id)
    if file.state == FileState.READ and file.sheets == sheets and file.insured == insured:
        return file
    file.state, file.fault, file.fault_en, file.sheets, file.insured = FileState.READ, "", "", sheets, insured
    file.rows = sum(sheet["rows"] for sheet in sheets)
    file.rejected = sum(sheet["rejected"] for sheet in sheets)
    file.save(update_fields=["state", "fault", "fault_en", "sheets", "insured", "rows", "rejected"])
    kinds = ";".join(dict.fromkeys(sheet["kind"] for sheet in sheets if sheet["kind"]))
    after = {"rows": file.rows, "rejected": file.rejected, "kind": kinds}
    record("roster.read", f"roster:{file.pk}", actor=actor, now=now, region_code=file.region_code, after=after)
    return file


@transaction.atomic
def note_refusal(file_id: int, error: ZhubaoError, *, actor: Actor, now: datetime) -> RosterFile:
    """Keep why a file cannot be read."""
    file = RosterFile.objects.select_for_update().get(pk=file_id)
    file.state, file.fault, file.fault_en = FileState.REFUSED, error.message("zh"), error.message("en")
    file.sheets, file.rows, file.rejected = [], 0, 0
    file.save(update_fields=["state", "fault", "fault_en", "sheets", "rows", "rejected"])
    record("roster.refused", f"roster:{file.pk}", actor=actor, now=now, region_code=file.region_code, after={"code": error.code})
    return file


@transaction.atomic
def say_kind(file_id: int, kind: str, *, insured: bool, actor: Actor, now: datetime) -> RosterFile:
    """Say what a file is when it does not say so itself ("" lets it speak again); it is then to be read again.

    Raise E-KIND for a kind there is none of, OutOfScope for a post that hands in no files. A file already screened keeps its kind
    (E-FILE-USED): its results were judged by it.
    """
    actor.require_role(*RECEIVING_ROLES)
    if kind and kind not in KINDS:
        raise ZhubaoError("E-KIND", Text("没有这一类名册", "there is no such kind of roster"), place=kind)
    file = RosterFile.objects.select_for_update().get(pk=file_id)
    actor.require_region(file.region_code)
    if file.screenings.exists():
        raise ZhubaoError(
            "E-FILE-USED",
            Text("已用于审核，不能改类别", "it has been screened and keeps its kind"),
            place=file.name,
            remedy=Text("另存一份后重新上传", "save it anew and upload that"),
        )
    before = {"kind": file.kind, "insured": file.insured}
    file.kind, file.insured, file.state = kind, insured, FileState.RECEIVED
    file.save(update_fields=["kind", "insured", "state"])
    record(
        "roster.kind_said",
        f"roster:{file.pk}",
        actor=actor,
        now=now,
        region_code=file.region_code,
        before=before,
        after={"kind": kind, "insured": insured},
    )
    return file


@transaction.atomic
def ask_screening(
    policy_id: str,
    on: date,
    file_ids: Sequence[int],
    *,
    region_code: str,
    other_region: bool = False,
    actor: Actor,
    now: datetime,
) -> Screening:
    """Ask for a screening of files already read, by one policy on one day, with the figures that stand now.

    `other_region` accepts files none of whose people were first registered in the policy's region. Raise E-POLICY-UNKNOWN,
    E-POLICY-NOT-IN-FORCE or E-POLICY-REGION, E-SCREEN-FILES when no roster is among the files, one is not readable, or two are files
    of insured persons.
    """
    _, user_id = _at_a_post(actor, SCREENING_ROLES)
    actor.require_region(region_code)
    judge = judge_of(policy_id)
    if not region_code.startswith(judge.policy.region):
        raise ZhubaoError(
            "E-POLICY-REGION",
            Text("这个政策不在本地施行", "this policy does not hold here"),
            place=policy_id,
            remedy=Text("选择本地的政策", "choose a policy of this place"),
        )
    judge.binding(on, area_of(judge.policy, region_code), parameter_book())
    files = list(RosterFile.objects.in_region(actor, region_code).filter(pk__in=file_ids))
    readable = len(files) == len(set(file_ids)) and all(file.state == FileState.READ for file in files)
    if not readable or all(file.insured for file in files):
        raise ZhubaoError(
            "E-SCREEN-FILES",
            Text("请选择至少一份已读取的名册", "choose at least one roster that has been read"),
            remedy=Text("等待读取完成，或去掉读不了的文件", "wait for the reading, or leave out the file that cannot be read"),
        )
    if sum(file.insured for file in files) > 1:
        raise ZhubaoError(
            "E-SCREEN-INSURED",
            Text("一次审核只用一份参保人员文件", "a screening takes one file of insured persons"),
            remedy=Text("只勾选最新的一份", "tick the newest one only"),
        )
    screening = Screening.objects.create(
        region_code=region_code,
        policy_id=policy_id,
        on=on,
        other_region=other_region,
        figures_known_at=now,
        asked_at=now,
        asked_by_id=user_id,
    )
    screening.files.set(files)
    record(
        "screening.asked",
        f"screening:{screening.pk}",
        actor=actor,
        now=now,
        region_code=region_code,
        after={"policy": policy_id, "on": on.isoformat(), "files": sorted(file.pk for file in files)},
    )
    return screening


@transaction.atomic
def start_screening(screening_id: int, *, now: datetime) -> Screening | None:
    """Take a screening to work on it; None when it is done already. A run that was cut off is taken again from the beginning."""
    screening = Screening.objects.select_for_update().get(pk=screening_id)
    if screening.state == ScreeningState.DONE:
        return None
    screening.state, screening.started_at, screening.done, screening.total = ScreeningState.RUNNING, now, 0, 0
    screening.save(update_fields=["state", "started_at", "done", "total"])
    return screening


def note_progress(screening_id: int, stage: str, done: int, total: int) -> None:
    """Show how far the present stage is; no audit entry, nothing rests on it."""
    Screening.objects.filter(pk=screening_id, state=ScreeningState.RUNNING).update(stage=stage, done=done, total=total)


@transaction.atomic
def finish_screening(screening_id: int, summary: dict[str, Any], *, actor: Actor, now: datetime) -> Screening:
    """Keep the summary of a screening whose result files are in its folder."""
    screening = Screening.objects.select_for_update().get(pk=screening_id)
    screening.state, screening.finished_at, screening.summary = ScreeningState.DONE, now, summary
    screening.persons, screening.rejected, screening.stage = summary["persons"], summary["rejected"], ""
    screening.save(update_fields=["state", "finished_at", "summary", "persons", "rejected", "stage"])
    after = {"persons": screening.persons, "rejected": screening.rejected, "verdicts": summary["verdicts"]}
    record("screening.done", f"screening:{screening.pk}", actor=actor, now=now, region_code=screening.region_code, after=after)
    return screening


@transaction.atomic
def fail_screening(screening_id: int, error: ZhubaoError, *, actor: Actor, now: datetime) -> Screening:
    """Keep why a screening could not be done."""
    screening = Screening.objects.select_for_update().get(pk=screening_id)
    screening.state, screening.finished_at = ScreeningState.FAILED, now
    screening.fault, screening.fault_en = error.message("zh"), error.message("en")
    screening.save(update_fields=["state", "finished_at", "fault", "fault_en"])
    record(
        "screening.failed",
        f"screening:{screening.pk}",
        actor=actor,
        now=now,
        region_code=screening.region_code,
        after={"code": error.code},
    )
    return screening


@transaction.atomic
def record_download(screening: Screening, name: str, *, actor: Actor, now: datetime) -> None:
    """Note that somebody took a file of results out of the system."""
    actor.require_region(screening.region_code)
    record(
        "screening.downloaded",
        f"screening:{screening.pk}",
        actor=actor,
        now=now,
        region_code=screening.region_code,
        after={"file": name},
    )


@transaction.atomic
def record_unmasking(screening: Screening, number: int, *, actor: Actor, now: datetime) -> None:
    """Note that somebody asked for the full name and number of the person in row `number` of the result."""
    actor.require_region(screening.region_code)
    record(
        "person.unmasked",
        f"screening:{screening.pk}:{number}",
        actor=actor,
        now=now,
        region_code=screening.region_code,
    )
