"""From opening an application to handing it in, at the counter and online."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.people.tables import CHEN, SYSTEM, chen, shen
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import intake
from zhubao.cases.models import Case, Step
from zhubao.cases.selectors import case_for, cases_for, steps_open_to
from zhubao.errors import ZhubaoError
from zhubao.notices.selectors import notices_for_person
from zhubao.people.models import CitizenAccount, Person
from zhubao.tasks.models import Task

from .offices import JIANGXI_COUNTY, NOW, RUGAO_COUNTY, Offices, ask, citizen, open_offices

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 12)
PDF, JPEG, PNG = b"%PDF-1.7 form", b"\xff\xd8\xff\xe0 scan", b"\x89PNG\r\n\x1a\n scan"
COMPLETE: dict[str, Any] = {
    "phone": "13900000001",
    "category": "laid_off",
    "inability_declared_on": TODAY,
    "truth_declared_on": TODAY,
    "sharing_agreed_on": TODAY,
    "signed_on": TODAY,
    "signed_how": "paper",
}


@pytest.fixture
def offices() -> Offices:
    return open_offices(JIANGXI_COUNTY)


@pytest.fixture
def person(offices: Offices) -> Person:
    return chen(region_code=JIANGXI_COUNTY)


def begin(person: Person, actor: Actor, policy: str = "jiangxi-2020-7", channel: str = "counter") -> Case:
    return intake.open_case(person, policy, channel=channel, request=ask(), actor=actor, now=NOW)


def refused(code: str, action: Any, *arguments: Any, **named: Any) -> ZhubaoError:
    with pytest.raises(ZhubaoError) as refusal:
        action(*arguments, **named)
    assert refusal.value.code == code
    return refusal.value


@pytest.mark.clauses("jx-1.1g", "jx-1.1h", "jx-annex-1")
def test_a_counter_application_goes_to_the_agency_of_the_insured_place(offices: Offices, person: Person) -> None:
    clerk = offices.at(Role.AGENCY_INTAKE)
    case = begin(person, clerk)
    assert (case.number, case.state, case.agency_id) == (
        "JX360281-2026-000001",
        "draft",
        offices.office(OrganisationKind.AGENCY).pk,
    )
    intake.fill_application(case.pk, COMPLETE, actor=clerk, now=NOW)
    case = intake.submit(case.pk, request=ask(), actor=clerk, now=NOW)
    assert (case.state, case.filed_on) == ("submitted", TODAY)
    task = Task.objects.get(subject=case.subject, closed_at=None)
    assert (task.kind, task.role, task.due_on) == ("case.jiangxi.propose", Role.AGENCY_REVIEWER, date(2026, 10, 19))
    assert [step.verb for step in case.steps.all()] == ["begin", "submit"]
    assert list(AuditEntry.objects.filter(subject=case.subject).order_by("pk").values_list("action", flat=True)) == [
        "case.begin",
        "case.filled",
        "case.submit",
    ]


@pytest.mark.parametrize("left_out", [name for name in COMPLETE if name not in ("category", "signed_how")])
def test_an_incomplete_form_stays_with_the_applicant(offices: Offices, person: Person, left_out: str) -> None:
    own = citizen(person)
    case = begin(person, own, channel="online")
    given = {name: value for name, value in COMPLETE.items() if name != left_out}
    intake.fill_application(case.pk, given, actor=own, now=NOW)
    refused("E-APPLICATION", intake.submit, case.pk, request=ask(), actor=own, now=NOW)
    case.refresh_from_db()
    assert (case.state, case.steps_taken, case.filed_on) == ("draft", 1, None)


def test_one_application_at_a_time(offices: Offices, person: Person) -> None:
    clerk = offices.at(Role.AGENCY_INTAKE)
    first = begin(person, clerk)
    assert refused("E-CASE-OPEN", begin, person, clerk).place == first.number
    assert Case.objects.count() == 1


def test_the_same_request_twice_opens_one_case(offices: Offices, person: Person) -> None:
    clerk, request = offices.at(Role.AGENCY_INTAKE), ask()
    opened = [
        intake.open_case(person, "jiangxi-2020-7", channel="counter", request=request, actor=clerk, now=NOW).pk for _ in range(2)
    ]
    assert opened[0] == opened[1]
    assert Step.objects.count() == 1


def test_nobody_sees_or_fills_somebody_elses_application(offices: Offices, person: Person) -> None:
    own, other = citizen(person), citizen(shen(region_code=JIANGXI_COUNTY))
    case = begin(person, own, channel="online")
    with pytest.raises(Case.DoesNotExist):
        case_for(other, case.number)
    assert list(cases_for(other)) == []
    with pytest.raises(OutOfScope):
        intake.fill_application(case.pk, COMPLETE, actor=other, now=NOW)
    with pytest.raises(OutOfScope):
        begin(person, other, channel="online")
    elsewhere = open_offices(RUGAO_COUNTY)
    with pytest.raises(OutOfScope):
        case_for(elsewhere.at(Role.AGENCY_REVIEWER), case.number)


def test_a_clerk_does_not_deal_with_an_application_of_their_own(offices: Offices, person: Person) -> None:
    clerk = offices.post(Role.AGENCY_INTAKE)
    case = begin(person, SYSTEM)
    CitizenAccount.objects.create(user=clerk.user, person=person, opened_at=NOW)
    refused("E-OWN-CASE", intake.fill_application, case.pk, COMPLETE, actor=clerk.actor(), now=NOW)


def test_a_form_handed_in_cannot_be_changed_until_it_is_returned(offices: Offices, person: Person) -> None:
    own, reviewer = citizen(person), offices.at(Role.AGENCY_REVIEWER)
    case = begin(person, own, channel="online")
    intake.fill_application(case.pk, COMPLETE, actor=own, now=NOW)
    intake.submit(case.pk, request=ask(), actor=own, now=NOW)
    refused("E-STATE", intake.fill_application, case.pk, {"address": "新塘村三组"}, actor=own, now=NOW)
    refused("E-REASON", intake.return_for_correction, case.pk, reason=" ", request=ask(), actor=reviewer, now=NOW)
    intake.return_for_correction(case.pk, reason="地址写到组", request=ask(), actor=reviewer, now=NOW)
    intake.fill_application(case.pk, {"address": "新塘村三组"}, actor=own, now=NOW)
    later = NOW + timedelta(days=2)
    case = intake.submit(case.pk, request=ask(), actor=own, now=later)
    assert (case.state, case.filed_on, case.steps_taken) == ("submitted", TODAY, 4)


def test_what_was_seen_must_still_hold(offices: Offices, person: Person) -> None:
    own, clerk = citizen(person), offices.at(Role.AGENCY_INTAKE)
    case = begin(person, own, channel="online")
    intake.fill_application(case.pk, COMPLETE, actor=own, now=NOW)
    intake.submit(case.pk, request=ask(seen=1), actor=own, now=NOW)
    refusal = refused("E-STATE", intake.return_for_correction, case.pk, reason="看错", request=ask(seen=1), actor=clerk, now=NOW)
    assert "陈桂芳" in refusal.problem.zh


@pytest.mark.clauses("jx-1.1h")
def test_a_case_moves_to_the_agency_where_the_person_is_insured(offices: Offices, person: Person) -> None:
    there = open_offices("360702")
    reviewer = offices.at(Role.AGENCY_REVIEWER)
    case = begin(person, offices.at(Role.AGENCY_INTAKE))
    intake.fill_application(case.pk, COMPLETE, actor=offices.at(Role.AGENCY_INTAKE), now=NOW)
    intake.submit(case.pk, request=ask(), actor=offices.at(Role.AGENCY_INTAKE), now=NOW)
    new_agency = there.office(OrganisationKind.AGENCY).pk
    later = NOW + timedelta(days=1)
    case = intake.transfer_case(case.pk, new_agency, reason="参保地在章贡区", request=ask(), actor=reviewer, now=later)
    assert (case.region_code, case.agency_id, case.state, case.filed_on) == ("360702", new_agency, "submitted", TODAY)
    assert [row.verb for row in steps_open_to(case, there.at(Role.AGENCY_REVIEWER))] == ["transfer", "return", "propose"]
    assert Task.objects.get(subject=case.subject, closed_at=None).region_code == "360702"
    outside = open_offices(RUGAO_COUNTY).office(OrganisationKind.AGENCY).pk
    actor = there.at(Role.AGENCY_REVIEWER)
    refused("E-OFFICE", intake.transfer_case, case.pk, outside, reason="x", request=ask(), actor=actor, now=later)


def test_withdrawing_and_applying_again(offices: Offices, person: Person) -> None:
    own, clerk = citizen(person), offices.at(Role.AGENCY_INTAKE)
    case = begin(person, own, channel="online")
    refused("E-PAPER-MISSING", intake.withdraw, case.pk, reason="家里凑够了", request=ask(), actor=clerk, now=NOW)
    case = intake.withdraw(case.pk, reason="家里凑够了", request=ask(), actor=own, now=NOW)
    assert (case.state, case.closed_at) == ("withdrawn", NOW)
    assert begin(person, own, channel="online").number == "JX360281-2026-000002"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "E-ATTACHMENT-EMPTY", id="空文件"),
        pytest.param(b"PK\x03\x04 docx", "E-ATTACHMENT-TYPE", id="Word 文件"),
        pytest.param(b"MZ\x90 program", "E-ATTACHMENT-TYPE", id="程序"),
        pytest.param(b"%PDF-" + bytes(10 * 1024 * 1024), "E-ATTACHMENT-LARGE", id="超过 10 MB"),
    ],
)
def test_what_is_no_paper_is_refused(offices: Offices, person: Person, content: bytes, code: str) -> None:
    own = citizen(person)
    case = begin(person, own, channel="online")
    refused(code, intake.add_attachment, case.pk, "identity_card", "身份证.pdf", content, actor=own, now=NOW)
    assert case.attachments.count() == 0


@pytest.mark.clauses("rg-12.1b", "rg-annex1-truth")
def test_papers_are_kept_once_and_originals_seen_by_an_officer(offices: Offices, person: Person) -> None:
    own, clerk = citizen(person), offices.at(Role.AGENCY_INTAKE)
    case = begin(person, own, channel="online")
    kept = [intake.add_attachment(case.pk, "identity_card", "证.pdf", PDF, actor=own, now=NOW) for _ in range(2)]
    assert kept[0].pk == kept[1].pk
    assert kept[0].path.read_bytes() == PDF
    assert intake.add_attachment(case.pk, "identity_card", "照片.PDF", JPEG, actor=own, now=NOW).stored_as.endswith(".jpg")
    assert intake.add_attachment(case.pk, "other", "其他.png", PNG, actor=clerk, now=NOW).size == len(PNG)
    refused("E-PAPER", intake.add_attachment, case.pk, "passport", "x.pdf", PDF, actor=own, now=NOW)
    with pytest.raises(OutOfScope):
        intake.see_original(case.pk, "household_booklet", actor=own, now=NOW)
    assert intake.see_original(case.pk, "household_booklet", actor=clerk, now=NOW).original_seen_on == TODAY
    removed = intake.remove_attachment(kept[0].pk, actor=own, now=NOW)
    assert removed.removed_at == NOW
    assert CHEN not in "".join(str(entry.after) for entry in AuditEntry.objects.all())


@pytest.mark.clauses("rg-annex1-family")
def test_the_household_on_the_form(offices: Offices, person: Person) -> None:
    own = citizen(person)
    case = begin(person, own, channel="online")
    members: list[Any] = [{"name": "李强", "relation": "配偶", "employed": False}, {"name": "李小红", "relation": "女儿"}]
    intake.list_family(case.pk, members, actor=own, now=NOW)
    intake.list_family(case.pk, members[:1], actor=own, now=NOW)
    assert [(each.name, each.relation, each.employed) for each in case.family.all()] == [("李强", "配偶", False)]


def test_the_applicant_is_told_what_others_did_and_why(offices: Offices, person: Person) -> None:
    own, reviewer = citizen(person), offices.at(Role.AGENCY_REVIEWER)
    case = begin(person, own, channel="online")
    intake.fill_application(case.pk, COMPLETE, actor=own, now=NOW)
    intake.submit(case.pk, request=ask(), actor=own, now=NOW)
    assert list(notices_for_person(person.pk)) == []
    intake.return_for_correction(case.pk, reason="地址写到组", request=ask(), actor=reviewer, now=NOW)
    (notice,) = notices_for_person(person.pk)
    assert notice.text == "退回补正：请按提示补齐后再提交。理由：地址写到组"
