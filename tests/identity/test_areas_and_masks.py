"""Area codes with their history, masks for public notices, accounts and disability certificates."""

from datetime import date

import pytest

from zhubao.identity import (
    DisabilityCertificate,
    Finding,
    area_name,
    area_remark,
    check_account,
    full_area_name,
    luhn_holds,
    mask_account,
    mask_name,
    mask_number,
    read_disability_certificate,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("code", ["362121", "360782", "360721", "360727", "340702", "342823", "320622", "513525", "500243"])
def test_old_and_present_codes_get_no_remark(code: str) -> None:
    assert area_remark(code) is None


def test_an_unknown_code_is_a_remark_not_a_refusal() -> None:
    remark = area_remark("110101")
    assert remark is not None
    assert not remark.refuses
    other = area_remark("990101")
    assert other is not None
    assert "no province" in other.problem.en


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        pytest.param("362121", date(1990, 1, 1), "赣县", id="1990"),
        pytest.param("362121", date(1980, 1, 1), "九江县", id="1980"),
        pytest.param("360721", date(2010, 1, 1), "赣县", id="2010"),
        pytest.param("360704", None, "赣县区", id="now"),
        pytest.param("990101", None, "", id="unknown"),
    ],
)
def test_the_name_of_a_code_on_a_day(code: str, on: date | None, name: str) -> None:
    assert area_name(code, on) == name


def test_the_full_name_runs_from_the_province() -> None:
    assert full_area_name("360702") == "江西省赣州市章贡区"


@pytest.mark.parametrize(
    ("name", "masked"), [("沈志远", "沈**"), ("沈远", "沈*"), (" 沈远 ", "沈*"), ("沈", "*"), ("", "*"), ("欧阳志远", "欧**")]
)
def test_masked_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(("number", "masked"), [("320682197001012043", "3206**********2043"), ("12345678", "********"), ("", "")])
def test_masked_numbers(number: str, masked: str) -> None:
    assert mask_number(number) == masked


def test_masked_accounts() -> None:
    assert mask_account("6217000000000000123") == "***************0123"
    assert mask_account("123") == "***"


@pytest.mark.parametrize(("digits", "holds"), [("79927398713", True), ("79927398710", False), ("4539578763621486", True)])
def test_luhn(digits: str, holds: bool) -> None:
    assert luhn_holds(digits) is holds


@pytest.mark.parametrize(
    ("account", "code"),
    [
        pytest.param("4539 5787 6362 1486", None, id="好卡号-good"),
        pytest.param("4539578763621487", "R-ACCOUNT-LUHN", id="校验不符-remark"),
        pytest.param("12345678901", None, id="存折账号-passbook"),
        pytest.param("62170ABC", "E-ACCOUNT-FORM", id="字母-letters"),
        pytest.param("6.217E+18", "E-ACCOUNT-FORM", id="科学计数-scientific"),
    ],
)
def test_accounts(account: str, code: str | None) -> None:
    found = check_account(account)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "kind", "grade", "severe"),
    [
        pytest.param("36072119650812001141", 4, 1, True, id="肢体一级-limbs 1"),
        pytest.param("36072119650812001122B1", 2, 2, True, id="补证-reissued"),
        pytest.param("50024319801230004x63", 6, 3, False, id="精神三级-mind 3"),
    ],
)
def test_disability_certificates(text: str, kind: int, grade: int, severe: bool) -> None:
    found = read_disability_certificate(text, TODAY)
    assert isinstance(found, DisabilityCertificate)
    assert (found.kind, found.grade, found.severe) == (kind, grade, severe)
    assert found.person.text in {"360721196508120011", "50024319801230004X"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("360721196508120011", "E-ID-DISABILITY"),
        ("36072119650812001185", "E-ID-DISABILITY"),
        ("36072119650812001241", "E-ID-CHECK"),
    ],
)
def test_refused_certificates(text: str, code: str) -> None:
    found = read_disability_certificate(text, TODAY)
    assert isinstance(found, Finding)
    assert found.code == code
