"""What registers and departments state about a person: dated, with its source, never overwritten in silence."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.people.tables import NOW, RUGAO, SHEN, SYSTEM, chen, number, shen
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.people.households import record_household
from zhubao.people.models import Circumstance, HouseholdMember, Identity, InsuredRecord, Person
from zhubao.people.recording import (
    certify,
    end_identity,
    note_circumstance,
    record_insured,
    withdraw_circumstance,
    withdraw_identity,
)
from zhubao.people.selectors import household_of, identities_of, insured_record, insured_records, members_of
from zhubao.people.statements import IdentityStatement, InsuredStatement, MemberStatement, Origin

PostOf = Callable[[str], Post]
pytestmark = pytest.mark.django_db
FILE = Origin("参保人员文件 2026-09", "file:7", "参保", 12)
PAPER = Origin("低保证原件")


def fault(action: Callable[[], object]) -> str:
    with pytest.raises(ZhubaoError) as refused:
        action()
    return refused.value.code


def employee(paid: int, day: date = date(2026, 9, 30), scheme: str = "employee_pension") -> InsuredStatement:
    return InsuredStatement(scheme, day, FILE, participation_type="flexible", insured_area=RUGAO, paid_months=paid)


def test_one_present_record_a_scheme() -> None:
    person = chen()
    first = record_insured(person.pk, employee(150), actor=SYSTEM, now=NOW)
    confirmed = record_insured(person.pk, employee(150, date(2026, 10, 1)), actor=SYSTEM, now=NOW)
    second = record_insured(person.pk, employee(151, date(2026, 10, 5)), actor=SYSTEM, now=NOW)
    record_insured(person.pk, employee(60, scheme="resident_pension"), actor=SYSTEM, now=NOW)
    assert (confirmed.pk, confirmed.recorded_on) == (first.pk, date(2026, 10, 1))
    assert [(each.scheme, each.paid_months) for each in insured_records(person)] == [
        ("employee_pension", 151),
        ("resident_pension", 60),
    ]
    assert insured_record(person) == second
    assert InsuredRecord.objects.get(pk=first.pk).superseded_at == NOW
    assert fault(lambda: record_insured(person.pk, employee(149), actor=SYSTEM, now=NOW)) == "E-RECORD-OLDER"
    assert fault(lambda: record_insured(person.pk, employee(1, scheme="x"), actor=SYSTEM, now=NOW)) == "E-INSURED"
    second.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def dibao(start: date | None, end: date | None = None, *, certificate: str = "皋低保2024-031") -> IdentityStatement:
    return IdentityStatement("dibao", "civil_affairs", PAPER, start, end, certificate)


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        pytest.param(date(2024, 7, 1), date(2025, 6, 30), False, id="同一条"),
        pytest.param(date(2025, 7, 1), None, False, id="次日起"),
        pytest.param(date(2025, 6, 30), None, True, id="同一天"),
        pytest.param(None, date(2024, 7, 1), True, id="起日不明，止于首日"),
        pytest.param(None, date(2024, 6, 30), False, id="此前结束"),
        pytest.param(None, None, True, id="一直"),
    ],
)
def test_no_two_identities_of_a_kind_hold_the_same_day(start: date | None, end: date | None, refused: bool) -> None:
    person = chen()
    first = certify(person.pk, dibao(date(2024, 7, 1), date(2025, 6, 30)), actor=SYSTEM, now=NOW)
    if refused:
        assert fault(lambda: certify(person.pk, dibao(start, end), actor=SYSTEM, now=NOW)) == "E-IDENTITY-OVERLAP"
        first.pk, first.starts_on, first.ends_on = None, start, end
        with pytest.raises(IntegrityError, match="identity_once_a_day"), transaction.atomic():
            first.save(force_insert=True)
    else:
        certify(person.pk, dibao(start, end), actor=SYSTEM, now=NOW)


def test_another_department_or_a_withdrawn_one_stands_in_nobodys_way() -> None:
    person = chen()
    first = certify(person.pk, IdentityStatement("childless", "civil_affairs", PAPER), actor=SYSTEM, now=NOW)
    certify(person.pk, IdentityStatement("childless", "hrss", PAPER), actor=SYSTEM, now=NOW)
    withdraw_identity(first.pk, "录错了人", actor=SYSTEM, now=NOW)
    certify(person.pk, IdentityStatement("childless", "civil_affairs", PAPER), actor=SYSTEM, now=NOW)
    assert [each.certifier for each in identities_of(person)] == ["civil_affairs", "hrss"]


def in_jiangxi() -> Person:
    return shen(region_code="360702")


@pytest.mark.parametrize(
    ("category", "certifier", "code"),
    [
        pytest.param("urban_dibao", "civil_affairs", "", id="城镇低保由民政", marks=pytest.mark.clauses("jx-1.2i")),
        pytest.param("urban_dibao", "poverty_office", "E-CERTIFIER", id="扶贫办报城镇低保", marks=pytest.mark.clauses("jx-1.2i")),
        pytest.param(
            "registered_poor_rural", "poverty_office", "", id="农村建档立卡由扶贫办", marks=pytest.mark.clauses("jx-1.2j")
        ),
        pytest.param(
            "registered_poor_rural", "civil_affairs", "E-CERTIFIER", id="民政报建档立卡", marks=pytest.mark.clauses("jx-1.2j")
        ),
        pytest.param("laid_off_soe_collective", "hrss", "", id="下岗失业由人社", marks=pytest.mark.clauses("jx-1.2k")),
        pytest.param(
            "laid_off_soe_collective", "trade_union", "E-CERTIFIER", id="工会报下岗失业", marks=pytest.mark.clauses("jx-1.2k")
        ),
        pytest.param("severe_illness", "civil_affairs", "E-CATEGORY", id="没有的类别"),
        pytest.param("dibao", "police", "E-CERTIFIER", id="没有的部门"),
    ],
)
def test_who_certifies_what(category: str, certifier: str, code: str) -> None:
    person = in_jiangxi()
    statement = IdentityStatement(category, certifier, PAPER)
    if code:
        assert fault(lambda: certify(person.pk, statement, actor=SYSTEM, now=NOW)) == code
    else:
        assert certify(person.pk, statement, actor=SYSTEM, now=NOW).category == category


@pytest.mark.clauses("jx-1.2k")
def test_posts_that_certify(county: list[Post], post_of: PostOf) -> None:
    person = chen()
    clerks = {post.organisation.kind: post.actor() for post in county if post.role == Role.CERTIFIER}
    civil = clerks[OrganisationKind.CIVIL_AFFAIRS]
    made = certify(person.pk, dibao(date(2024, 7, 1), certificate=""), actor=civil, now=NOW)
    refused: list[Actor] = [clerks[OrganisationKind.DISABLED_FEDERATION], post_of(Role.BANK_OFFICER).actor()]
    for actor in refused:
        with pytest.raises(OutOfScope):
            certify(person.pk, dibao(date(2020, 1, 1), date(2020, 12, 31)), actor=actor, now=NOW)
    intake = post_of(Role.AGENCY_INTAKE).actor()
    assert (
        fault(lambda: certify(person.pk, dibao(None, date(2020, 1, 1), certificate=" "), actor=intake, now=NOW))
        == "E-CERTIFICATE"
    )
    by_list_only = IdentityStatement("tekun", "civil_affairs", PAPER, certificate="特困证 1")
    with pytest.raises(OutOfScope):
        certify(person.pk, by_list_only, actor=intake, now=NOW)
    seen = certify(person.pk, dibao(None, date(2020, 1, 1)), actor=intake, now=NOW)
    withdraw_identity(seen.pk, "看错了证", actor=intake, now=NOW)
    Identity.objects.filter(pk=made.pk).update(roster_file="file:3")
    with pytest.raises(OutOfScope):
        withdraw_identity(made.pk, "不归我管", actor=intake, now=NOW)
    assert end_identity(made.pk, date(2026, 9, 30), "停保", actor=civil, now=NOW).ends_on == date(2026, 9, 30)


def test_circumstances_follow_each_other() -> None:
    person = chen()

    def note(kind: str, value: int, start: date | None, end: date | None = None) -> Circumstance:
        return note_circumstance(person.pk, kind, PAPER, value=value, starts_on=start, ends_on=end, actor=SYSTEM, now=NOW)

    first = note("employed", 0, date(2024, 1, 1))
    second = note("employed", 1, date(2026, 3, 1))
    assert note("employed", 1, date(2026, 3, 1)) == second
    first.refresh_from_db()
    assert first.ends_on == date(2026, 2, 28)
    assert fault(lambda: note("employed", 0, date(2025, 1, 1), date(2025, 2, 1))) == "E-CIRCUMSTANCE-OVERLAP"
    assert fault(lambda: note("employed", 2, date(2027, 1, 1))) == "E-CIRCUMSTANCE"
    assert fault(lambda: note("disability_grade", 5, None)) == "E-CIRCUMSTANCE"
    assert fault(lambda: note("married", 1, None)) == "E-CIRCUMSTANCE"
    assert fault(lambda: note("children", 1, date(2026, 2, 1), date(2026, 1, 1))) == "E-DAYS"
    withdraw_circumstance(second.pk, "录错", actor=SYSTEM, now=NOW)
    assert note("employed", 1, date(2026, 4, 1)).value == 1


def test_a_household_keeps_who_belonged_to_it(post_of: PostOf) -> None:
    actor = post_of(Role.COMMITTEE_MEMBER).actor()
    person, husband = chen(), shen()
    son = number("19990102", 13)
    rows = [
        MemberStatement("陈桂芳", "户主", number("19730516", 42), able=True, employed=False, phone="13800001234"),
        MemberStatement("沈志远", "配偶", SHEN, able=True, employed=True, monthly_income_fen=420_000),
        MemberStatement("沈小明", "子", son),
    ]

    def enter(members: list[MemberStatement], income: int | None = 0) -> None:
        record_household(
            "3206821080001",
            members,
            region_code=actor.scope,
            business_income_fen=income,
            source="户口簿、家庭申报",
            actor=actor,
            now=NOW,
        )

    enter(rows)
    enter(rows)
    household = household_of(person)
    assert household is not None
    assert [(each.relation, each.person_id) for each in members_of(household)] == [
        ("户主", person.pk),
        ("配偶", husband.pk),
        ("子", None),
    ]
    assert members_of(household)[2].born == date(1999, 1, 2)
    assert AuditEntry.objects.filter(action="household.recorded").count() == 1
    enter(rows[:2], 30_000)
    assert HouseholdMember.objects.filter(left_at=None).count() == 2
    assert AuditEntry.objects.filter(action="household.recorded").count() == 2
    assert fault(lambda: enter([rows[0], rows[0]])) == "E-HOUSEHOLD"
    assert fault(lambda: enter([])) == "E-HOUSEHOLD"
