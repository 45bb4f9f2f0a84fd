"""Every row is closed out with its own kind of proof, by whoever may, and the year only when nobody is left."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.cases.offices import Offices
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.closing_out import Paper, close_by_receipts, close_out, close_year, note_refusal, reopen
from zhubao.assistance.closing_out_turns import turn_of
from zhubao.assistance.models import CloseOut, PlanRow, Refund, RefundPayment
from zhubao.errors import ZhubaoError
from zhubao.people.actions import set_card

from .ledger_people import COUNTY, NOVEMBER, SYSTEM, YUSHAN, named, pengshui, plan_of

pytestmark = pytest.mark.django_db
DAY = date(2022, 11, 15)
SCAN = b"%PDF-1.4 a scanned paper"


@pytest.fixture
def offices() -> Offices:
    return pengshui()


def close(offices: Offices, name: str, proof: str, reference: str, *, role: str = Role.TOWNSHIP_CLERK, **more: Any) -> CloseOut:
    given: dict[str, Any] = {"on": DAY, "key": f"test/{name}", "actor": offices.at(role), "now": NOVEMBER} | more
    return close_out(named(name).pk, proof, reference, **given)


@pytest.mark.clauses("ps-3.2d")
@pytest.mark.parametrize(
    ("name", "proof", "reference"),
    [
        ("任廷芳", "receipt", "PS22-0005"),
        ("张泽会", "receipt", "代缴凭证 22-77"),
        ("谭贵芳", "refund", "银行回单 0918"),
        ("黎明华", "exclusion", "市外参保证明"),
        ("罗天才", "cancellation", "死亡医学证明"),
    ],
    ids=["有税票 receipt on record", "代缴无税票 receipt by hand", "退费 refund", "不予代缴 excluded", "死亡 died"],
)
def test_closed_out_with_the_proof_of_its_kind(offices: Offices, name: str, proof: str, reference: str) -> None:
    start = named(name).state
    closing = close(offices, name, proof, reference, paper=Paper(SCAN, "扫描.pdf"))
    row = named(name)
    assert (row.state, row.closed_out_on, row.closed_out_proof) == ("closed_out", DAY, reference)
    assert (closing.closed_from, closing.kept_as.endswith(".pdf"), len(closing.sha256)) == (start, True, 64)
    assert close(offices, name, proof, reference).pk == closing.pk
    assert row.steps.filter(verb="close_out").count() == 1


@pytest.mark.clauses("ps-3.2d")
@pytest.mark.parametrize(
    ("name", "proof", "reference", "code"),
    [
        ("任廷芳", "receipt", "  ", "E-CLOSE-PROOF"),
        ("任廷芳", "receipt", "PS22-9999", "E-CLOSE-RECEIPT"),
        ("任廷芳", "exclusion", "外省参保", "E-CLOSE-KIND"),
        ("黎明华", "receipt", "PS22-0007", "E-CLOSE-KIND"),
        ("冉光荣", "receipt", "PS22-0001", "E-STATE"),
        ("龚成菊", "receipt", "PS22-0010", "E-STATE"),
    ],
    ids=["没凭证 no proof", "另一张税票 another receipt", "凭证种类不对 wrong kind", "不予代缴无税票 excluded has no receipt",
         "自付没交 own part unpaid", "钱没到 money not there"],
)  # fmt: skip
def test_closing_without_the_proof_is_refused(offices: Offices, name: str, proof: str, reference: str, code: str) -> None:
    with pytest.raises(ZhubaoError, match=code):
        close(offices, name, proof, reference)
    assert not CloseOut.objects.exists()


@pytest.mark.clauses("ps-3.2d")
def test_the_database_refuses_a_closing_without_proof(offices: Offices) -> None:
    row = named("任廷芳")
    with pytest.raises(IntegrityError, match="plan_row_closed_with_proof"), transaction.atomic():
        PlanRow.objects.filter(pk=row.pk).update(state="closed_out", closed_out_on=DAY)
    given: dict[str, Any] = {"row": row, "closed_from": "credited", "on": DAY, "closed_at": NOVEMBER, "actor_name": "x"}
    with pytest.raises(IntegrityError, match="close_out_has_proof"), transaction.atomic():
        CloseOut.objects.create(proof="receipt", reference="", **given)
    with pytest.raises(IntegrityError, match="close_out_proof_fits"), transaction.atomic():
        CloseOut.objects.create(proof="refund", reference="0918", **given)


def test_who_closes_out_and_where(offices: Offices) -> None:
    close(offices, "任廷芳", "receipt", "PS22-0005", role=Role.COMMITTEE_MEMBER)
    with pytest.raises(OutOfScope):
        close(offices, "谭贵芳", "refund", "0918", role=Role.COMMITTEE_MEMBER)  # another village
    with pytest.raises(OutOfScope):
        close(offices, "谭贵芳", "refund", "0918", role=Role.AGENCY_REVIEWER)
    assert named("谭贵芳").state == "refunded"


def refunded_with_voucher(row: PlanRow, offices: Offices) -> None:
    """Put a refund's voucher on record as the department's payment leaves it."""
    office, bank = offices.office(OrganisationKind.CIVIL_AFFAIRS), offices.office(OrganisationKind.BANK)
    account = set_card(row.person_id, bank.pk, "6228480402564890018", starts_on=DAY, actor=SYSTEM, now=NOVEMBER)
    refund = Refund.objects.create(
        region_code=row.region_code, plan=row.plan, row=row, batch="TF-1", payer="civil_affairs", office=office, amount_fen=7_000,
        account=account, state="paid", listed_on=DAY,
    )  # fmt: skip
    RefundPayment.objects.create(refund=refund, attempt=1, account=account, paid_on=DAY, reference="HD-0918")


@pytest.mark.clauses("ps-3.2d")
def test_many_at_once_by_the_receipts_the_system_holds(offices: Offices) -> None:
    given: dict[str, Any] = {"on": DAY, "actor": offices.at(Role.TOWNSHIP_CLERK), "now": NOVEMBER}
    assert close_by_receipts(plan_of().pk, YUSHAN, key="bulk", **given) == 2
    assert close_by_receipts(plan_of().pk, YUSHAN, key="bulk", **given) == 0
    proofs = dict(CloseOut.objects.values_list("row__person__name", "reference"))
    assert proofs == {"任廷芳": "PS22-0005", "张泽会": "个人账户记账 2022-10-12"}
    refunded_with_voucher(named("谭贵芳"), offices)
    assert close_by_receipts(plan_of().pk, YUSHAN, key="refunds", **given) == 1
    assert CloseOut.objects.get(row=named("谭贵芳")).reference == "HD-0918"
    assert named("张泽会").closed_out_proof == "个人账户记账 2022-10-12"
    with pytest.raises(OutOfScope):
        close_by_receipts(plan_of().pk, COUNTY, key="whole county", **given)


def test_reopened_with_a_reason_it_stands_where_it_was(offices: Offices) -> None:
    close(offices, "黎明华", "exclusion", "市外参保证明")
    clerk, centre = offices.at(Role.TOWNSHIP_CLERK), offices.at(Role.AGENCY_REVIEWER)
    row = named("黎明华")
    with pytest.raises(OutOfScope):
        reopen(row.pk, "证明有误", actor=clerk, now=NOVEMBER)
    with pytest.raises(ZhubaoError, match="E-REASON"):
        reopen(row.pk, " ", actor=centre, now=NOVEMBER)
    closing = reopen(row.pk, "证明有误", actor=centre, now=NOVEMBER)
    assert reopen(row.pk, "证明有误", actor=centre, now=NOVEMBER).pk == closing.pk
    row = named("黎明华")
    assert (row.state, row.closed_out_proof, closing.reopened_because) == ("excluded", "", "证明有误")
    again = close(offices, "黎明华", "exclusion", "社保局证明", key="second")
    assert (again.pk != closing.pk, named("黎明华").closed_out_proof) == (True, "社保局证明")


@pytest.mark.parametrize(
    ("name", "code", "role", "due"),
    [
        ("冉光荣", "own_part", Role.COMMITTEE_MEMBER, date(2022, 8, 31)),
        ("庹德清", "list", Role.TAX_CLERK, date(2022, 12, 31)),
        ("何世琼", "listed", Role.TAX_CLERK, date(2022, 12, 31)),
        ("龚成菊", "claim", Role.CERTIFIER, date(2022, 12, 31)),
        ("廖永碧", "disability", Role.FINANCE_CLERK, date(2022, 12, 31)),
        ("杨胜发", "check", Role.AGENCY_REVIEWER, date(2022, 12, 31)),
        ("谭贵芳", "close", Role.TOWNSHIP_CLERK, date(2022, 12, 31)),
    ],
)
def test_whose_turn_it_is_and_by_when(offices: Offices, name: str, code: str, role: str, due: date) -> None:
    turn = turn_of(named(name))
    assert (turn.code, turn.role, turn.due_on, turn.since) == (code, role, due, date(2022, 8, 20))


@pytest.mark.clauses("ps-3.1b", "ps-3.2d")
def test_the_year_closes_only_when_nobody_is_left(offices: Offices) -> None:
    approver = offices.at(Role.AGENCY_APPROVER)
    plan = plan_of()
    with pytest.raises(ZhubaoError, match="E-YEAR-OPEN") as refused:
        close_year(plan.pk, actor=approver, now=NOVEMBER)
    assert "12 人" in refused.value.problem.zh
    # The county's other parts have done their work: everybody is credited.
    unsettled = PlanRow.objects.exclude(state__in=("credited", "refunded", "excluded", "cancelled"))
    unsettled.update(state="credited", self_paid_fen=10_000, credited_on=DAY)
    close_by_receipts(plan.pk, YUSHAN, on=DAY, key="bulk", actor=offices.at(Role.TOWNSHIP_CLERK), now=NOVEMBER)
    for name, proof in (("谭贵芳", "refund"), ("黎明华", "exclusion"), ("罗天才", "cancellation")):
        close(offices, name, proof, "凭证")
    assert PlanRow.objects.filter(state="closed_out").count() == 12
    with pytest.raises(OutOfScope):
        close_year(plan.pk, actor=offices.at(Role.AGENCY_REVIEWER), now=NOVEMBER)
    assert close_year(plan.pk, actor=approver, now=NOVEMBER).state == "closed"
    assert close_year(plan.pk, actor=approver, now=NOVEMBER).closed_at == NOVEMBER
    with pytest.raises(ZhubaoError, match="E-PLAN-CLOSED"):
        reopen(named("谭贵芳").pk, "再看", actor=offices.at(Role.AGENCY_REVIEWER), now=NOVEMBER)


@pytest.mark.clauses("ps-0.3")
def test_a_refusal_is_cancelled_with_its_paper(offices: Offices) -> None:
    centre = offices.at(Role.AGENCY_REVIEWER)
    with pytest.raises(ZhubaoError, match="E-REASON"):
        note_refusal(named("向中玉").pk, " ", on=DAY, actor=centre, now=NOVEMBER)
    row = note_refusal(named("向中玉").pk, "不参保声明", on=DAY, actor=centre, now=NOVEMBER)
    assert (row.state, row.because) == ("cancelled", "书面不参保：不参保声明")
