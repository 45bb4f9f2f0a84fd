"""Files between offices, as the posts that hand them in and take them meet them."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cases import lives, loan_lives
from tests.cases.offices import Offices
from tests.procedures import year
from tests.web.loans.conftest import desk
from zhubao.access.roles import OrganisationKind, Role
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope
from zhubao.exchange.storage import companion
from zhubao.loans.models import Loan, Tranche
from zhubao.procedures.received_files import apply_envelope

TUESDAY = "2026-10-13"


def returned(offices: Offices, *, batch: str = "R1", form: str = "csv", **more: Any) -> bytes:
    """Return the bank's return file for everything it was asked to draw."""
    if not Envelope.objects.filter(kind="draw_request").exists():
        year.released(offices, TUESDAY)
        year.confirmed(offices, TUESDAY)
    request = Envelope.objects.get(kind="draw_request")
    at_bank, agency = loan_lives.the_bank(offices.area), offices.office(OrganisationKind.AGENCY)
    rows = year.return_rows(request, "2026-10-14", **more)
    return write(layout_of("draw_return"), Head(batch, at_bank.name, agency.name, "登记放款"), rows, form)  # type: ignore[arg-type]


def hand_in(client: Client, offices: Offices, content: bytes, name: str = "放款回盘.csv", **more: Any) -> Any:
    """Send the upload form."""
    sent = {
        "kind": "draw_return",
        "policy": "jiangxi-2020-7",
        "sender": loan_lives.the_bank(offices.area).pk,
        "agency": offices.office(OrganisationKind.AGENCY).pk,
        "sent": SimpleUploadedFile(name, content),
    }
    return client.post("/files/upload/", {name: value for name, value in {**sent, **more}.items() if value is not None})


def apply(offices: Offices) -> Envelope:
    """Do what the worker does with the last file that came in."""
    envelope = Envelope.objects.filter(direction="in").latest("pk")
    return apply_envelope(envelope.pk, clock=lambda: lives.at("2026-10-14", 15))


def test_a_return_file_moves_the_loan_and_is_answered(jiangxi: Offices, signed: Loan) -> None:
    officer = desk(jiangxi, Role.BANK_OFFICER)
    answer = hand_in(officer, jiangxi, returned(jiangxi))
    assert answer.status_code == 302
    page = officer.get(answer.headers["Location"]).content.decode()
    assert "every 1s" in page
    assert "待办理" in page
    envelope = apply(jiangxi)
    assert envelope.state == "accepted"
    page = officer.get(f"/files/{envelope.pk}/").content.decode()
    assert "every 1s" not in page
    assert "已办理" in page
    assert f'href="/loans/{signed.number}/"' in page
    signed.refresh_from_db()
    assert signed.state == "drawn"
    assert officer.post(f"/files/{envelope.pk}/answer/").status_code == 403
    written = desk(jiangxi, Role.AGENCY_ACCOUNTANT).post(f"/files/{envelope.pk}/answer/")
    assert written.status_code == 302
    assert officer.post(f"{written.headers['Location']}take/").getvalue()[:2] == b"PK"


def test_the_same_file_again_changes_nothing_and_says_when_it_came(jiangxi: Offices, signed: Loan) -> None:
    officer, content = desk(jiangxi, Role.BANK_OFFICER), returned(jiangxi)
    first = hand_in(officer, jiangxi, content)
    second = hand_in(officer, jiangxi, content)
    assert second.headers["Location"] == first.headers["Location"]
    assert "这份文件已于 2026-10-14 15:00 收到，未作更改" in officer.get(second.headers["Location"]).content.decode()
    assert Envelope.objects.filter(direction="in").count() == 1


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda content: content.replace(b"2400.00", b"2500.00", 1), "E-EXCHANGE-TOTAL"),
        (lambda content: b"\n".join(content.splitlines()[:-1]), "E-EXCHANGE-CUT"),
        (lambda content: content[:-30], "-CUT"),
        (lambda content: b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "E-FILE"),
        (lambda content: "姓名,金额\n张三,1\n".encode(), "E-EXCHANGE-HEADER"),
    ],
    ids=["合计不符-wrong total", "缺结束行-cut", "断在行中-cut within a line", "图片-a picture", "别的表-another table"],
)
def test_a_faulty_file_is_refused_whole_with_each_fault_in_its_place(
    jiangxi: Offices, signed: Loan, spoil: Any, code: str
) -> None:
    officer = desk(jiangxi, Role.BANK_OFFICER)
    answer = hand_in(officer, jiangxi, spoil(returned(jiangxi)))
    assert answer.status_code == 302
    page = officer.get(answer.headers["Location"]).content.decode()
    assert code in page
    assert "未接收的原因" in page
    assert Envelope.objects.get(direction="in").state == "refused"
    assert Tranche.objects.get().state == "confirmed"
    assert hand_in(officer, jiangxi, returned(jiangxi)).status_code == 302
    assert apply(jiangxi).state == "accepted"


def test_a_companion_that_does_not_agree_refuses_the_file(jiangxi: Offices, signed: Loan) -> None:
    officer, content = desk(jiangxi, Role.BANK_OFFICER), returned(jiangxi)
    wrong = SimpleUploadedFile("放款回盘.csv.sha256", companion("0" * 64, "放款回盘.csv").encode())
    page = officer.get(hand_in(officer, jiangxi, content, companion=wrong).headers["Location"]).content.decode()
    assert "E-EXCHANGE-HASH" in page


@pytest.mark.parametrize(
    "more",
    [{"sent": None}, {"kind": "borrower_roster"}, {"kind": ""}, {"sender": 999_999}, {"policy": "tongling-2022-13"}],
    ids=["没选文件-no file", "别的类别-another kind", "没选类别-no kind", "别的银行-another bank", "别的政策-another programme"],
)
def test_a_form_that_does_not_hold_keeps_nothing(jiangxi: Offices, signed: Loan, more: dict[str, Any]) -> None:
    assert hand_in(desk(jiangxi, Role.BANK_OFFICER), jiangxi, returned(jiangxi), **more).status_code == 422
    assert not Envelope.objects.filter(direction="in").exists()


def test_an_empty_file_is_refused_in_the_form(jiangxi: Offices, signed: Loan) -> None:
    assert hand_in(desk(jiangxi, Role.BANK_OFFICER), jiangxi, b"").status_code == 422


def test_a_line_for_an_unknown_loan_or_above_the_amount_is_answered_with_its_reason(jiangxi: Offices, signed: Loan) -> None:
    officer = desk(jiangxi, Role.BANK_OFFICER)
    hand_in(officer, jiangxi, returned(jiangxi, loan_number="LJX000000-2026-000009"))
    page = officer.get(f"/files/{apply(jiangxi).pk}/").content.decode()
    assert "E-LOAN-UNKNOWN" in page
    assert "核对贷款编号、年度和笔次" in page
    hand_in(officer, jiangxi, returned(jiangxi, batch="R2", amount_fen=9_999_00))
    envelope = apply(jiangxi)
    assert "E-DRAW-CAP" in officer.get(f"/files/{envelope.pk}/?show=refused").content.decode()
    assert Tranche.objects.get().state == "confirmed"


def test_the_tax_office_hands_its_receipts_in(jiangxi: Offices, signed: Loan) -> None:
    officer, tax = desk(jiangxi, Role.BANK_OFFICER), desk(jiangxi, Role.TAX_CLERK)
    hand_in(officer, jiangxi, returned(jiangxi))
    apply(jiangxi)
    office, agency = jiangxi.office(OrganisationKind.TAX), jiangxi.office(OrganisationKind.AGENCY)
    rows = year.receipt_rows("2026-10-14")
    content = write(layout_of("contribution_receipts"), Head("S1", office.name, agency.name, "记入个人账户"), rows, "xlsx")
    answer = hand_in(tax, jiangxi, content, "到账明细.xlsx", kind="contribution_receipts", sender=office.pk)
    assert answer.status_code == 302
    apply(jiangxi)
    signed.refresh_from_db()
    assert signed.state == "contributed"
    assert Tranche.objects.get().contributed_on == date(2026, 10, 14)
    # A bank sees its own office's files alone, the agency those of the region.
    path = answer.headers["Location"]
    assert officer.get(path).status_code == 404
    assert desk(jiangxi, Role.AGENCY_ACCOUNTANT).get(path).status_code == 200


def test_posts_that_hand_nothing_in_are_refused(jiangxi: Offices, signed: Loan) -> None:
    content = returned(jiangxi)
    for role in (Role.AUDITOR, Role.FINANCE_CLERK, Role.BANK_REVIEWER, Role.AGENCY_APPROVER):
        client = desk(jiangxi, role)
        assert client.get("/files/").status_code == 200, role
        assert hand_in(client, jiangxi, content).status_code == 403, role
    assert desk(jiangxi, Role.PBOC_SUPERVISOR).get("/files/").status_code == 403
    assert not Envelope.objects.filter(direction="in").exists()


@pytest.mark.parametrize(("path", "most"), [("/files/", 12), ("/files/{}/", 18)], ids=["名单-list", "文件-file"])
def test_the_queries_of_a_page_are_few(
    jiangxi: Offices, signed: Loan, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    returned(jiangxi)
    client, envelope = desk(jiangxi, Role.AGENCY_ACCOUNTANT), Envelope.objects.get()
    with django_assert_max_num_queries(most):
        assert client.get(path.format(envelope.pk)).status_code == 200
