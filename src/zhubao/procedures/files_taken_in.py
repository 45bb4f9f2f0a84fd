"""A file taken in by hand of an operator: received, worked through at once, and answered with what became of each line.

It is the same as handing the file in on a page and waiting for the worker; the same bytes again change nothing and answer the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post, Region
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import receive_envelope
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head, Layout
from zhubao.exchange.files.reading import beginning, read
from zhubao.exchange.models import TAKEN, EnvelopeState
from zhubao.language import Language, Text
from zhubao.loans.models import SubsidyClaim
from zhubao.loans.states import PROCESSES
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.programmes.selectors import area_of_region, policies_in
from zhubao.rosters.actions import RECEIVING_ROLES, receive_file
from zhubao.rosters.models import FileState, RosterFile
from zhubao.screening.sources import open_sheets

from .claim_received import KIND as CLAIMS
from .claim_received import receive_claim, take_claim_in
from .contribution_received import KIND as CONTRIBUTIONS
from .deduction_returned import KIND as DEDUCTIONS
from .draw_paid import KIND as DRAWS
from .pension_credited import KIND as CREDITS
from .received_files import apply_envelope
from .roster_received import read_received

SYSTEM = "receive"
ROSTER: Final = "roster"
RECEIVED: Final = (DRAWS, DEDUCTIONS, CREDITS, CONTRIBUTIONS, CLAIMS, ROSTER)
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """What the operator says of a file. The offices are named as they stand in the register, "" to go by the file; `by`: the login in
    whose name it is handed in, "" for the system; `roster_kind`: what a roster lists, "" to let it speak."""

    path: Path
    layout: str
    region_code: str
    policy_id: str = ""
    sender: str = ""
    receiver: str = ""
    companion: str = ""
    roster_kind: str = ""
    by: str = ""


@dataclass(frozen=True)
class TakenIn:
    """What became of the file: `result` as the command prints it, and whether anything of it was refused."""

    result: dict[str, Any]
    refused: bool


def take_file_in(asked: Asked, *, language: Language = "zh", clock: Callable[[], datetime]) -> TakenIn:
    """Receive a file and work through it in this process. Safe to repeat after any stop: it goes on where it stood.

    Raise E-EXCHANGE-KIND for a layout that is not taken in, E-REGION-UNKNOWN, E-FILE-MISSING, E-RECEIVE-POLICY, E-RECEIVE-OFFICE and
    E-RECEIVE-POST for what has to be said besides, and what the receiving procedure of the layout raises.
    """
    if asked.layout not in RECEIVED:
        listed = ", ".join(RECEIVED)
        problem = Text(f"不接收“{asked.layout}”这种文件", f"no file of the kind {asked.layout!r} is taken in")
        raise ZhubaoError("E-EXCHANGE-KIND", problem, remedy=Text(f"可用：{listed}", f"known: {listed}"))
    if not Region.objects.filter(code=asked.region_code).exists():
        raise ZhubaoError("E-REGION-UNKNOWN", Text("没有这个区划", "there is no such region"), place=asked.region_code)
    if not asked.path.is_file():
        raise ZhubaoError(
            "E-FILE-MISSING",
            Text("读不到这个文件", "the file cannot be read"),
            place=str(asked.path),
            remedy=Text("检查路径和权限", "check the path and its permissions"),
        )
    return _roster(asked, language, clock) if asked.layout == ROSTER else _envelope(asked, language, clock)


def _envelope(asked: Asked, language: Language, clock: Callable[[], datetime]) -> TakenIn:
    layout, now = layout_of(asked.layout), clock()
    head = _head(layout, asked.path, localdate(now))
    policy_id = asked.policy_id or _only_policy(asked)
    sender = _office(asked, layout, asked.sender or head.sender, receiving=False)
    receiver = _office(asked, layout, asked.receiver or head.receiver, receiving=True)
    actor = _actor(asked, (sender.pk, receiver.pk))
    common: dict[str, Any] = {
        "name": asked.path.name,
        "policy_id": policy_id,
        "region_code": asked.region_code,
        "receiver_id": receiver.pk,
        "companion": asked.companion,
        "actor": actor,
        "now": now,
    }
    if asked.layout == CLAIMS:
        receipt = receive_claim(_pieces(asked.path), bank_id=sender.pk, soon=False, **common).receipt
        if receipt.envelope.state == EnvelopeState.ARRIVED:
            # Handed in on a page and not read yet: this process does what the worker would.
            receipt = take_claim_in(receipt.envelope.pk, actor=actor, now=now).receipt
    else:
        receipt = receive_envelope(asked.layout, _pieces(asked.path), sender_id=sender.pk, **common)
    envelope = receipt.envelope
    if not receipt.refused:
        envelope = apply_envelope(envelope.pk, clock=clock)
    claim = SubsidyClaim.objects.filter(envelope=envelope).first() if asked.layout == CLAIMS else None
    refused = [
        {"line": line.number, "about": line.subject, "reason": f"{line.result_code}: {line.words.in_(language)}"}
        for line in envelope.lines.exclude(result_code__in=("", TAKEN))
    ]
    result = {
        "file": asked.path.name,
        "layout": asked.layout,
        "region": asked.region_code,
        "policy": policy_id,
        "sender": sender.name,
        "receiver": receiver.name,
        "batch": envelope.batch,
        "sha256": envelope.sha256,
        "already_done": not receipt.new and not receipt.refused,
        "state": envelope.state,
        "lines": envelope.count,
        "total_fen": envelope.total_fen,
        "taken": envelope.taken_count,
        "taken_fen": envelope.taken_fen,
        "faults": [fault.message(language) for fault in receipt.faults],
        "refused": refused,
    }
    if claim is not None:
        result["claim"] = {"number": claim.number, "year": claim.year, "state": claim.state, "differing": claim.differing}
    return TakenIn(result, bool(receipt.refused or envelope.taken_count < envelope.count))


def _roster(asked: Asked, language: Language, clock: Callable[[], datetime]) -> TakenIn:
    actor = _actor(asked, ())
    file, new = receive_file(
        _pieces(asked.path),
        name=asked.path.name,
        region_code=asked.region_code,
        kind=asked.roster_kind,
        actor=actor,
        now=clock(),
    )
    file = read_received(file.pk, now=clock())
    return TakenIn(_roster_result(asked, file, language, new=new), file.state == FileState.REFUSED or file.rejected > 0)


def _roster_result(asked: Asked, file: RosterFile, language: Language, *, new: bool) -> dict[str, Any]:
    fault = file.fault if language == "zh" else file.fault_en
    return {
        "file": asked.path.name,
        "layout": ROSTER,
        "region": asked.region_code,
        "sha256": file.sha256,
        "already_done": not new,
        "state": file.state,
        "lines": file.rows,
        "taken": file.rows - file.rejected,
        "rejected": file.rejected,
        "faults": [fault] if fault else [],
        "sheets": file.sheets,
    }


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _head(layout: Layout, path: Path, today: date) -> Head:
    """Return what the file says of itself, without reading its lines; what is faulty in it comes out when it is received."""
    try:
        sheet = next((each for each in open_sheets(path) if each.cells.num_rows), None)
        begins = beginning(layout, sheet, name=path.name, today=today) if sheet is not None else None
    except ZhubaoError:
        begins = None
    return begins.head if begins is not None else read(layout, path, name=path.name, today=today).head


def _only_policy(asked: Asked) -> str:
    """Return the one loan programme of the place; E-RECEIVE-POLICY where there is none, or several."""
    known = CLAIM_COURSES if asked.layout == CLAIMS else PROCESSES
    found = [policy.id for policy in policies_in(area_of_region(asked.region_code)) if policy.id in known]
    if len(found) != 1:
        listed = ", ".join(known)
        raise ZhubaoError(
            "E-RECEIVE-POLICY",
            Text("不能确定是哪个文件的业务", "which document the file belongs to is not clear"),
            place=asked.region_code,
            remedy=Text(f"用 --policy 说明：{listed}", f"say it with --policy: {listed}"),
        )
    return found[0]


def _office(asked: Asked, layout: Layout, name: str, *, receiving: bool) -> Organisation:
    """Return the sender or the receiver by name, or the only one of the place that the layout allows; else E-RECEIVE-OFFICE."""
    kinds = layout.receivers if receiving else layout.senders
    offices = Organisation.objects.filter(kind__in=kinds, region__code__startswith=asked.region_code[:6]).order_by("name")
    found = [office for office in offices if not name or office.name == name]
    if len(found) != 1:
        option = "--to" if receiving else "--from"
        listed = "、".join(office.name for office in offices)
        raise ZhubaoError(
            "E-RECEIVE-OFFICE",
            Text(
                f"不能确定{'接收' if receiving else '发送'}单位“{name}”",
                f"{'receiver' if receiving else 'sender'} {name!r} is not one office of the place",
            ),
            place=asked.path.name,
            remedy=Text(f"用 {option} 写单位名称：{listed}", f"name it with {option}: {listed}"),
        )
    return found[0]


def _actor(asked: Asked, offices: tuple[int, ...]) -> Actor:
    """Return the system, or the post of the login asked for: one of the two offices, or for a roster one that takes rosters in."""
    if not asked.by and asked.layout != ROSTER:
        return Actor.system(SYSTEM, asked.region_code)
    posts = Post.objects.select_related("user").filter(user__username=asked.by, closed_at=None).order_by("pk")
    fitting = posts.filter(organisation_id__in=offices) if offices else posts.filter(role__in=RECEIVING_ROLES)
    for post in fitting:
        if asked.region_code.startswith(post.scope_id):
            return post.actor()
    raise ZhubaoError(
        "E-RECEIVE-POST",
        Text("须以在岗人员的名义交来", "it is handed in in the name of somebody at a post"),
        place=asked.by or asked.path.name,
        remedy=Text("用 --as 写登录名，其岗位须能交这类文件", "give a login with --as whose post hands such files in"),
    )
