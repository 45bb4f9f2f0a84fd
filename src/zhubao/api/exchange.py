"""Exchange with a system instead of files: messages in, what became of each line, and what waits for the office to be taken.

A message is written as the file of its layout and taken in as `zhubao receive` takes that file: the records are the same.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from ninja import NinjaAPI, Schema
from ninja.security import HttpBearer
from pydantic import Field

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.machine_keys import post_of_key
from zhubao.access.models import Post
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import hand_over
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import access_envelope_for, envelopes_for, rows_of
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.procedures.files_taken_in import RECEIVED, ROSTER, Asked, take_file_in

from .rows import json_of, rows_from

MOST_ROWS: Final = 2_000
LISTED: Final = 100


class Key(HttpBearer):
    """The key of a system, in the header ``Authorization: Bearer …``."""

    def authenticate(self, request: HttpRequest, token: str) -> Post | None:
        """Return the post the system acts at; None refuses the request with 401."""
        return post_of_key(token)


class Message(Schema):
    """A batch of one layout: its number, the receiving office where the place has several, the document, and its rows."""

    batch: str = Field(max_length=40)
    rows: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ROWS)
    receiver: str = ""
    policy: str = ""


# The page of documentation would load its scripts from elsewhere; the description itself is at openapi.json.
api = NinjaAPI(title="zhubao", version="1", auth=Key(), docs_url=None)


@api.exception_handler(OutOfScope)
def _out_of_scope(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, _told(error), status=403)


@api.exception_handler(ZhubaoError)
def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, _told(error), status=422)


@api.exception_handler(Envelope.DoesNotExist)
def _not_there(request: HttpRequest, error: Any) -> HttpResponse:
    problem = Text("没有这份文件", "there is no such file")
    return api.create_response(request, _told(ZhubaoError("E-ENVELOPE-UNKNOWN", problem)), status=404)


@api.get("/files")
def waiting(request: HttpRequest, kind: str = "") -> list[dict[str, Any]]:
    """List the files of the system's office, the last first."""
    found = envelopes_for(_actor(request))
    found = found.filter(kind=kind) if kind else found
    return [_summary(each) for each in found[:LISTED]]


# Before `send`: a number is no kind of file.
@api.get("/files/{int:file_id}")
def take(request: HttpRequest, file_id: int) -> dict[str, Any]:
    """Give a file's rows to a system that may have it, and keep who took it; one written for its office counts as handed over."""
    actor, now = _actor(request), clock.now()
    access_envelope_for(actor, file_id)
    envelope = hand_over(file_id, actor=actor, now=now)
    layout = layout_of(envelope.kind)
    return {**_summary(envelope), "rows": [json_of(layout, row) for row in rows_of(envelope, today=localdate(now))]}


@implements("jx-annex-3c", as_="feature")
@api.post("/files/{kind}")
def send(request: HttpRequest, kind: str, message: Message) -> HttpResponse:
    """Hand in a message of the system's own office and have every line applied; the same message again changes nothing.

    Answers as ``zhubao receive --json`` prints, with status 422 where the whole message was refused. Raise E-EXCHANGE-KIND,
    E-EXCHANGE-OFFICES for a layout the office does not send, E-LINE-CELL, and what the receiving procedure raises.
    """
    post = _post(request)
    layout = layout_of(kind)
    if kind not in RECEIVED or kind == ROSTER or post.organisation.kind not in layout.senders:
        problem = Text(f"“{layout.title.zh}”不由本单位报送", f"{layout.title.en} is not sent by this office")
        raise ZhubaoError("E-EXCHANGE-OFFICES", problem, place=kind)
    head = Head(message.batch, post.organisation.name, message.receiver, layout.purpose.zh)
    content = write(layout, head, rows_from(layout, message.rows), "csv")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{layout.title.zh}.csv"
        path.write_bytes(content)
        asked = Asked(
            path,
            kind,
            post.scope_id[:6],
            policy_id=message.policy,
            sender=post.organisation.name,
            receiver=message.receiver,
            by=post.user.username,
        )
        done = take_file_in(asked, clock=clock.now)
    return api.create_response(request, done.result, status=422 if done.result["faults"] else 200)


def _summary(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.pk,
        "kind": envelope.kind,
        "batch": envelope.batch,
        "sender": envelope.sender.name,
        "receiver": envelope.receiver.name,
        "state": envelope.state,
        "lines": envelope.count,
        "total_fen": envelope.total_fen,
        "sha256": envelope.sha256,
    }


def _post(request: Any) -> Post:
    post: Post = request.auth
    return post


def _actor(request: HttpRequest) -> Actor:
    return _post(request).actor()


def _told(error: ZhubaoError) -> dict[str, Any]:
    """Return an error as a system reads it: the stable code, the place, and the words in both languages."""
    return {
        "code": error.code,
        "place": error.place,
        "zh": error.problem.zh,
        "en": error.problem.en,
        "remedy_zh": error.remedy.zh if error.remedy else "",
        "remedy_en": error.remedy.en if error.remedy else "",
    }
