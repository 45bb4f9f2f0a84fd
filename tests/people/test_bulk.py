"""Whole lists: who is new, who stays, who has gone; the same file twice changes nothing."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.people.tables import CHEN, NOW, RUGAO, SHEN, SYSTEM, chen, number
from zhubao.access.actors import OutOfScope
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.people.bulk import Entered, NameConflict, enter_identity_rows, enter_insured_rows
from zhubao.people.models import CategoryList, Identity, InsuredRecord, Person
from zhubao.people.selectors import find, insured_record
from zhubao.people.statements import IdentityRow, InsuredRow, InsuredStatement, Origin

pytestmark = pytest.mark.django_db
WANG = number("19600101", 21)
NAMES = {CHEN: "陈桂芳", SHEN: "沈志远", WANG: "王德福"}


def fault(action: Callable[[], object]) -> str:
    with pytest.raises(ZhubaoError) as refused:
        action()
    return refused.value.code


def insured(*rows: tuple[str, str, int], on: date = date(2026, 9, 30), file: str = "file:1") -> Entered:
    statements = [
        InsuredRow(
            who,
            name,
            InsuredStatement("resident_pension", on, Origin("参保文件", file, row=at), insured_area=RUGAO, paid_months=months),
        )
        for at, (who, name, months) in enumerate(rows, start=2)
    ]
    return enter_insured_rows(statements, region_code=RUGAO, actor=SYSTEM, now=NOW)


def test_insured_persons_enter_once() -> None:
    first = insured((CHEN, "陈桂芳", 120), (SHEN, "沈志远", 96))
    assert (first.persons, first.entered) == (2, 2)
    again = insured((CHEN, "陈桂芳", 120), (SHEN, "沈志远", 96))
    assert (again.unchanged, again.changed) == (2, False)
    later = insured((CHEN, "陈桂芳", 132), (SHEN, "沈志远", 96), on=date(2026, 10, 10), file="file:2")
    assert (later.entered, later.confirmed) == (1, 1)
    stale = insured((CHEN, "陈桂芳", 120), on=date(2026, 8, 31), file="file:0")
    assert (stale.older, stale.changed) == (1, False)
    months = {who: record.paid_months for who in (CHEN, SHEN) if (record := insured_record(found(who)))}
    assert months == {CHEN: 132, SHEN: 96}
    kept = InsuredRecord.objects.get(person=found(SHEN))
    assert (kept.roster_file, kept.row, kept.recorded_on) == ("file:2", 3, date(2026, 10, 10))
    assert AuditEntry.objects.filter(action="insured.list_entered").count() == 2


def found(who: str) -> Person:
    person = find(who)
    assert person is not None
    return person


def test_a_number_under_another_name_is_left_out() -> None:
    chen()
    done = insured((CHEN, "程桂芳", 120), (SHEN, "沈志远", 96))
    assert done.conflicts == [NameConflict(2, "陈**", "程**")]
    assert done.entered == 1
    assert fault(lambda: insured((CHEN[:-1] + "0", "谁", 1))) == "E-ID-CHECK"


def listed(
    day: date, *rows: tuple[str, date | None], complete: bool = True, certifier: str = "civil_affairs", category: str = "dibao"
) -> Entered:
    return enter_identity_rows(
        [IdentityRow(who, NAMES[who], category, at, "低保", start) for at, (who, start) in enumerate(rows, start=3)],
        region_code=RUGAO,
        certifier=certifier,
        origin=Origin(f"民政低保名册 {day:%Y-%m}", f"file:{day:%m}"),
        listed_on=day,
        complete=[category] if complete else [],
        actor=SYSTEM,
        now=NOW,
    )


def days(who: str) -> list[tuple[date | None, date | None, int | None]]:
    identities = Identity.objects.standing().filter(person=found(who)).order_by("pk")
    return [(each.starts_on, each.ends_on, each.row) for each in identities]


AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
BEGAN = date(2024, 7, 1)


def test_who_is_on_the_list_and_who_has_gone() -> None:
    first = listed(AUGUST, (CHEN, BEGAN), (SHEN, None))
    assert (first.persons, first.entered) == (2, 2)
    assert listed(AUGUST, (CHEN, BEGAN), (SHEN, None)).changed is False
    second = listed(SEPTEMBER, (WANG, None), (CHEN, BEGAN))
    assert (second.entered, second.confirmed, second.ended) == (1, 1, 1)
    assert days(CHEN) == [(BEGAN, None, 4)]
    assert days(SHEN) == [(None, date(2026, 8, 31), 4)]
    assert days(WANG) == [(SEPTEMBER, None, 3)]
    listed(OCTOBER, (SHEN, None), (CHEN, BEGAN), (WANG, None))
    assert days(SHEN) == [(None, date(2026, 8, 31), 4), (OCTOBER, None, 3)]
    assert [each.listed_on for each in CategoryList.objects.order_by("listed_on")] == [AUGUST, SEPTEMBER, OCTOBER]


def test_back_on_the_list_with_the_old_day_begins_after_the_gap() -> None:
    listed(AUGUST, (CHEN, BEGAN))
    listed(SEPTEMBER, (SHEN, None))
    listed(OCTOBER, (SHEN, None), (CHEN, BEGAN))
    assert days(CHEN) == [(BEGAN, date(2026, 8, 31), 3), (SEPTEMBER, None, 4)]


def test_a_day_put_right_replaces_the_identity() -> None:
    listed(AUGUST, (CHEN, BEGAN))
    listed(SEPTEMBER, (CHEN, date(2023, 7, 1)))
    assert days(CHEN) == [(date(2023, 7, 1), None, 3)]
    assert Identity.objects.get(person=found(CHEN), starts_on=BEGAN).withdrawn_because == "起始日改为 2023-07-01"


def test_a_list_that_is_not_whole_ends_nobody() -> None:
    listed(AUGUST, (CHEN, BEGAN))
    assert listed(SEPTEMBER, (SHEN, None), complete=False).ended == 0
    assert days(CHEN) == [(BEGAN, None, 3)]


@pytest.mark.clauses("jx-1.2i", "ps-2.2a")
def test_lists_that_are_refused_whole(county: list[Post]) -> None:
    listed(SEPTEMBER, (CHEN, BEGAN))
    assert fault(lambda: listed(AUGUST, (SHEN, None))) == "E-LIST-OLDER"
    assert fault(lambda: listed(OCTOBER, (SHEN, None), certifier="federation")) == "E-CERTIFIER"
    federation = next(post for post in county if post.organisation.kind == OrganisationKind.DISABLED_FEDERATION)
    tax = next(post for post in county if post.role == Role.TAX_CLERK)
    for post in (federation, tax):
        with pytest.raises(OutOfScope):
            enter_identity_rows(
                [],
                region_code=RUGAO,
                certifier="civil_affairs",
                origin=Origin("名册"),
                listed_on=OCTOBER,
                actor=post.actor(),
                now=NOW,
            )
    assert find(SHEN) is None


@pytest.mark.clauses("ps-2.2a")
def test_returned_to_poverty_comes_from_the_rural_bureau() -> None:
    def hand_in(certifier: str) -> Entered:
        return enter_identity_rows(
            [IdentityRow(CHEN, "陈桂芳", "return_to_poverty", 2)],
            region_code="500243",
            certifier=certifier,
            origin=Origin("返贫名册", "file:9"),
            listed_on=AUGUST,
            actor=SYSTEM,
            now=NOW,
        )

    assert fault(lambda: hand_in("civil_affairs")) == "E-CERTIFIER"
    assert hand_in("rural_revitalisation").entered == 1
