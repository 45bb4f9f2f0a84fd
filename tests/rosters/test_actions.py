"""What the writers of rosters refuse, and what they write once."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.rosters.actions import (
    ask_screening,
    fail_screening,
    finish_screening,
    note_reading,
    note_refusal,
    receive_file,
    say_kind,
    start_screening,
)
from zhubao.rosters.models import RosterFile

RUGAO = "320682"
DAY = date(2026, 10, 12)
NOW = timezone.now()
PostOf = Callable[[str], Post]
SHEET = {"kind": "dibao", "rows": 3, "rejected": 1, "mapping": {"A": "name"}, "remarks": {}}
SUMMARY = {"persons": 2, "rejected": 1, "verdicts": {"met": 2}}


@pytest.fixture(autouse=True)
def uploads_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test hands in in its own folder."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


def hand_in(actor: Actor, content: bytes = b"a,b", *, region: str = RUGAO, **more: str) -> RosterFile:
    return receive_file([content], name="低保.csv", region_code=region, actor=actor, now=NOW, **more)[0]  # type: ignore[arg-type]


def read(actor: Actor, content: bytes = b"a,b", *, insured: bool = False) -> RosterFile:
    file = hand_in(actor, content)
    return note_reading(file.pk, [SHEET], insured=insured, actor=Actor.system("t"), now=NOW)


@pytest.mark.clauses("jx-5.1d")
def test_a_pushed_roster_keeps_its_sender_time_rows_and_hash(post_of: PostOf) -> None:
    content = "\n".join(["姓名,身份证号", *(f"某{number},{number}" for number in range(100))]).encode()
    sender = post_of(Role.CERTIFIER).actor()
    file = hand_in(sender, content)
    read = note_reading(file.pk, [SHEET | {"rows": 100}], insured=False, actor=Actor.system("t"), now=NOW)
    assert (read.received_by_id, read.organisation_id, read.received_at) == (sender.user_id, sender.organisation_id, NOW)
    assert (read.rows, read.sha256) == (100, sha256(content).hexdigest())
    assert read.path.read_bytes() == content
    entry = AuditEntry.objects.get(action="roster.received")
    assert entry.user_id == sender.user_id
    assert entry.after is not None
    assert entry.after["sha256"] == read.sha256
    # The same rows with one changed by the agency are another file, and the first stays as it came.
    other = hand_in(post_of(Role.AGENCY_REVIEWER).actor(), content + b"x")
    assert (other.pk != file.pk, RosterFile.objects.get(pk=file.pk).path.read_bytes()) == (True, content)


@pytest.mark.parametrize("role", [Role.FINANCE_CLERK, Role.BANK_OFFICER, Role.AUDITOR, Role.TOWNSHIP_CLERK])
def test_other_posts_hand_in_nothing(post_of: PostOf, role: Role) -> None:
    with pytest.raises(OutOfScope):
        hand_in(post_of(role).actor())


def test_only_the_own_region(post_of: PostOf) -> None:
    with pytest.raises(OutOfScope):
        hand_in(post_of(Role.AGENCY_REVIEWER).actor(), region="500243")


def test_the_system_hands_in_nothing(db: None) -> None:
    with pytest.raises(OutOfScope):
        hand_in(Actor.system("import"))


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        pytest.param(b"", "", "E-FILE-EMPTY", id="空文件"),
        pytest.param(b"x" * 2000, "", "E-UPLOAD-LARGE", id="超过上限"),
        pytest.param(b"x", "nonsense", "E-KIND", id="没有的类别"),
    ],
)
def test_refused_files_leave_nothing(
    post_of: PostOf, monkeypatch: pytest.MonkeyPatch, content: bytes, kind: str, code: str
) -> None:
    monkeypatch.setattr(settings, "UPLOAD_LIMIT_BYTES", 1000)
    with pytest.raises(ZhubaoError) as refused:
        hand_in(post_of(Role.AGENCY_REVIEWER).actor(), content, kind=kind)
    assert refused.value.code == code
    assert not RosterFile.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_database_refuses_the_same_content_twice(post_of: PostOf) -> None:
    file = hand_in(post_of(Role.AGENCY_REVIEWER).actor())
    file.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        file.save(force_insert=True)


def test_reading_twice_notes_once(post_of: PostOf) -> None:
    file = read(post_of(Role.AGENCY_REVIEWER).actor())
    again = note_reading(file.pk, [SHEET], insured=False, actor=Actor.system("t"), now=NOW)
    assert (again.rows, again.rejected) == (3, 1)
    assert AuditEntry.objects.filter(action="roster.read").count() == 1


def test_a_refusal_keeps_both_languages(post_of: PostOf) -> None:
    from zhubao.language import Text

    file = hand_in(post_of(Role.AGENCY_REVIEWER).actor())
    error = ZhubaoError("E-X", Text("坏了", "broken"))
    assert note_refusal(file.pk, error, actor=Actor.system("t"), now=NOW).fault == "E-X: 坏了"
    assert RosterFile.objects.get().fault_en == "E-X: broken"


@pytest.mark.parametrize(
    ("policy", "on", "code"),
    [
        ("nonsense", DAY, "E-POLICY-UNKNOWN"),
        ("pengshui-2022", date(2022, 3, 1), "E-POLICY-REGION"),
        ("rugao-draft", DAY, ""),
    ],
)
def test_which_policy_may_be_asked(post_of: PostOf, policy: str, on: date, code: str) -> None:
    actor = post_of(Role.AGENCY_REVIEWER).actor()
    file = read(actor)
    if not code:
        assert ask_screening(policy, on, [file.pk], region_code=RUGAO, actor=actor, now=NOW).state == "waiting"
        return
    with pytest.raises(ZhubaoError) as refused:
        ask_screening(policy, on, [file.pk], region_code=RUGAO, actor=actor, now=NOW)
    assert refused.value.code == code


def test_which_files_may_be_screened(post_of: PostOf) -> None:
    actor = post_of(Role.AGENCY_REVIEWER).actor()
    unread = hand_in(actor, b"unread")
    insured = [read(actor, b"1", insured=True), read(actor, b"2", insured=True)]
    roster = read(actor, b"3")
    for chosen, code in (
        ([unread], "E-SCREEN-FILES"),
        ([insured[0]], "E-SCREEN-FILES"),
        ([], "E-SCREEN-FILES"),
        ([roster, *insured], "E-SCREEN-INSURED"),
    ):
        with pytest.raises(ZhubaoError) as refused:
            ask_screening("rugao-draft", DAY, [file.pk for file in chosen], region_code=RUGAO, actor=actor, now=NOW)
        assert refused.value.code == code
    ask_screening("rugao-draft", DAY, [roster.pk, insured[0].pk], region_code=RUGAO, actor=actor, now=NOW)


def test_a_certifying_clerk_screens_nothing(post_of: PostOf) -> None:
    file = read(post_of(Role.AGENCY_REVIEWER).actor())
    with pytest.raises(OutOfScope):
        ask_screening("rugao-draft", DAY, [file.pk], region_code=RUGAO, actor=post_of(Role.CERTIFIER).actor(), now=NOW)


def test_a_screened_file_keeps_its_kind(post_of: PostOf) -> None:
    actor = post_of(Role.AGENCY_REVIEWER).actor()
    file = read(actor)
    ask_screening("rugao-draft", DAY, [file.pk], region_code=RUGAO, actor=actor, now=NOW)
    with pytest.raises(ZhubaoError) as refused:
        say_kind(file.pk, "disabled", insured=False, actor=actor, now=NOW)
    assert refused.value.code == "E-FILE-USED"


def test_a_screening_starts_again_until_it_is_done(post_of: PostOf) -> None:
    from zhubao.language import Text

    actor, system = post_of(Role.AGENCY_REVIEWER).actor(), Actor.system("t")
    screening = ask_screening("rugao-draft", DAY, [read(actor).pk], region_code=RUGAO, actor=actor, now=NOW)
    assert start_screening(screening.pk, now=NOW) is not None
    assert fail_screening(screening.pk, ZhubaoError("E-X", Text("坏", "bad")), actor=system, now=NOW).state == "failed"
    assert start_screening(screening.pk, now=NOW) is not None
    assert finish_screening(screening.pk, SUMMARY, actor=system, now=NOW).percent == 100
    assert start_screening(screening.pk, now=NOW) is None
