"""Handing in files: what is wrong with one is said in the page's language, and the others are not lost."""

import io
import struct
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.screening.making import number, workbook
from zhubao.access.models import AuditEntry
from zhubao.rosters.models import RosterFile

from .conftest import DIBAO, Office

Rosters = dict[str, tuple[str, bytes]]
HEADER = "姓名,身份证号\r\n"


def csv(*rows: str, header: str = HEADER) -> bytes:
    return (header + "".join(f"{row}\r\n" for row in rows)).encode()


def encrypted() -> bytes:
    """Return the beginning of a workbook with a password: an OLE file that names its encrypted stream."""
    return bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 480


def truncated(folder: Path) -> bytes:
    whole = workbook(folder / "whole.xlsx", {"低保": [["姓名", "身份证号"], ["冉小梅", DIBAO]]}).read_bytes()
    return whole[: len(whole) // 2]


BAD = {
    "not a spreadsheet": ("低保.xlsx", b"%PDF-1.7\x00\x01\xff\xfe\x00", "不是表格文件", "not a spreadsheet"),
    "with a password": ("低保.xlsx", encrypted(), "密码", "password"),
    "cut off": ("低保.xlsx", None, "不完整", "cut off or damaged"),
    "a web page": ("低保.xls", b"<html><table></table></html>", "网页", "web page"),
    "no header": ("低保.csv", csv("冉小梅,1", header="甲,乙\r\n"), "没有找到表头", "no header"),
    "two numbers": (
        "低保.csv",
        csv(f"冉小梅,{DIBAO},{number('19990909')}", header="姓名,身份证号,身份证号码\r\n"),
        "两列都像身份证号",
        "both claim to be the citizen number",
    ),
    "no kind": ("名单.csv", csv(f"冉小梅,{DIBAO}"), "在本页选择类别", "choose the kind on this page"),
    "no rows": ("低保.csv", csv(), "没有一行", "not one row"),
    "an open quotation": ("低保.csv", csv('"冉小梅,1', *["a,b"] * 60), "引号没有闭合", "quotation mark is never closed"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_file_that_cannot_be_read(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int], tmp_path: Path, case: str, language: str
) -> None:
    name, content, zh, en = BAD[case]
    office = offices["agency"]
    office.speaks(language)
    office.hand_in((name, content or truncated(tmp_path)), rosters["tekun"])
    work()
    page = unescape(office.client.get("/clerk/rosters/").content.decode())
    assert (zh if language == "zh-hans" else en) in page
    assert "E-" not in page
    assert {file.name: file.state for file in RosterFile.objects.all()} == {name: "refused", "特困人员.csv": "read"}
    own = unescape(office.client.get(f"/clerk/rosters/{RosterFile.objects.get(name=name).pk}/").content.decode())
    assert (zh if language == "zh-hans" else en) in own


ROWS = {
    "scientific": "冉小梅,5.00243E+17",
    "wrong check character": f"冉小梅,{DIBAO[:-1]}{'0' if DIBAO[-1] != '0' else '1'}",
    "born tomorrow": f"冉小梅,{number('29990101')}",
    "formula error": "冉小梅,#REF!",
    "no name": f",{DIBAO}",
}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_wrong_row_is_counted_and_the_rest_is_read(offices: dict[str, Office], work: Callable[[], int], row: str) -> None:
    office = offices["agency"]
    office.hand_in(("低保.csv", csv(f"田大山,{number('19800102')}", ROWS[row])))
    work()
    file = RosterFile.objects.get()
    assert (file.state, file.rows, file.rejected) == ("read", 2, 1)


def test_wrong_extension_is_read_by_content(offices: dict[str, Office], work: Callable[[], int], tmp_path: Path) -> None:
    made = workbook(tmp_path / "低保.xlsx", {"Sheet1": [["姓名", "身份证号"], ["冉小梅", DIBAO]]})
    offices["agency"].hand_in(("低保.csv", made.read_bytes()))
    work()
    assert RosterFile.objects.get().state == "read"


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "文件是空的"), ("en", "the file is empty")])
def test_an_empty_file_is_refused_and_the_other_taken(
    offices: dict[str, Office], rosters: Rosters, language: str, words: str
) -> None:
    office = offices["agency"]
    office.speaks(language)
    page = office.hand_in(("空.csv", b""), rosters["dibao"])
    assert words in page.content.decode()
    assert [file.name for file in RosterFile.objects.all()] == ["民政低保.csv"]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "超过 0 MB"), ("en", "larger than 0 MB")])
def test_too_large_is_refused_before_it_is_read(
    offices: dict[str, Office], monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    class Untouched(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    monkeypatch.setattr(settings, "UPLOAD_LIMIT_BYTES", 1000)
    office = offices["agency"]
    office.speaks(language)
    answer = office.client.generic(
        "POST",
        "/clerk/rosters/upload/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="99999999",
        **{"wsgi.input": Untouched()},
    )
    assert answer.status_code == 413
    assert words in answer.content.decode()
    assert not RosterFile.objects.exists()


def test_too_large_is_stopped_while_it_comes_in(offices: dict[str, Office], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOAD_LIMIT_BYTES", 1000)
    sent = SimpleUploadedFile("低保.csv", b"x" * 5000)
    answer = offices["agency"].client.post("/clerk/rosters/upload/", {"sent": [sent], "kind": [""]})
    assert answer.status_code == 413
    assert not RosterFile.objects.exists()


def test_the_form_needs_its_token(offices: dict[str, Office], rosters: Rosters) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(offices["agency"].post.user, backend="django.contrib.auth.backends.ModelBackend")
    name, content = rosters["dibao"]
    assert strict.post("/clerk/rosters/upload/", {"sent": [SimpleUploadedFile(name, content)]}).status_code == 403
    assert not RosterFile.objects.exists()


def test_the_same_content_twice_is_one_file(offices: dict[str, Office], rosters: Rosters, work: Callable[[], int]) -> None:
    office = offices["agency"]
    office.hand_in(rosters["dibao"])
    page = office.hand_in(("另一个名字.csv", rosters["dibao"][1]))
    assert "已经收过" in page.content.decode()
    assert work() == 1
    assert RosterFile.objects.count() == 1
    assert AuditEntry.objects.filter(action="roster.received").count() == 1


def test_each_file_with_its_own_kind(offices: dict[str, Office], rosters: Rosters, work: Callable[[], int]) -> None:
    named = ("名单甲.csv", csv(f"冉小梅,{DIBAO}"))
    offices["agency"].hand_in(named, rosters["insured"], kinds=["dibao", "insured"])
    work()
    first = RosterFile.objects.get(name="名单甲.csv")
    assert (first.state, first.kind, first.sheets[0]["kind_from"]) == ("read", "dibao", "given")
    assert RosterFile.objects.get(name="居保参保.csv").insured


def test_saying_the_kind_afterwards_reads_it_again(offices: dict[str, Office], work: Callable[[], int]) -> None:
    office = offices["agency"]
    office.hand_in(("名单.csv", csv(f"冉小梅,{DIBAO}")))
    work()
    file = RosterFile.objects.get()
    assert file.state == "refused"
    office.client.post(f"/clerk/rosters/{file.pk}/kind/", {"kind": "dibao"})
    assert work() == 1
    file.refresh_from_db()
    assert (file.state, file.sheets[0]["kind"]) == ("read", "dibao")


def test_files_are_readable_by_the_service_alone(offices: dict[str, Office], rosters: Rosters) -> None:
    offices["agency"].hand_in(rosters["dibao"])
    stored = RosterFile.objects.get().path
    assert oct(stored.stat().st_mode & 0o777) == "0o600"
    assert [oct(folder.stat().st_mode & 0o777) for folder in (stored.parent, settings.MEDIA_ROOT)] == ["0o700", "0o700"]


def test_a_name_is_no_path(offices: dict[str, Office], rosters: Rosters, work: Callable[[], int]) -> None:
    offices["agency"].hand_in(("../../低保.csv", rosters["dibao"][1]))
    work()
    file = RosterFile.objects.get()
    assert file.state == "read"
    assert file.path.parent == Path(settings.MEDIA_ROOT) / "rosters"


def test_a_bomb_is_refused(offices: dict[str, Office], work: Callable[[], int]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    content = bytearray(packed.getvalue())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    offices["agency"].hand_in(("低保.xlsx", bytes(content)))
    work()
    assert RosterFile.objects.get().state == "refused"
