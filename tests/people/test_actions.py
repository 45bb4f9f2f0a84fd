"""Registering people, their numbers and accounts."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.people.tables import CHEN, NOW, RUGAO, SYSTEM, chen, number, shen
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Organisation, Post, User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.people.actions import (
    change_person,
    look_at_number,
    number_for_print,
    open_citizen_account,
    record_death,
    register_person,
    set_card,
    set_phone,
)
from zhubao.people.models import CITIZEN, CardAccount, Person, Phone
from zhubao.people.selectors import card_account, find, people_for, person_for, phone_history, search

PostOf = Callable[[str], Post]
pytestmark = pytest.mark.django_db


def fault(action: Callable[[], object]) -> str:
    with pytest.raises(ZhubaoError) as refused:
        action()
    return refused.value.code


@pytest.mark.clauses("rg-annex1-person")
def test_a_person_is_registered_once(post_of: PostOf) -> None:
    actor = post_of(Role.COMMITTEE_MEMBER).actor()
    person = chen(actor, region_code=actor.scope)
    again = register_person(f" {CHEN.lower()} ", "陈桂芳", region_code=actor.scope, actor=actor, now=NOW)
    assert (again.pk, person.born, person.sex) == (person.pk, date(1973, 5, 16), "female")
    assert (person.masked_name, person.masked_number) == ("陈**", "3206" + "*" * 10 + CHEN[-4:])
    assert AuditEntry.objects.filter(action="person.registered").count() == 1


@pytest.mark.clauses("rg-annex1-person")
@pytest.mark.parametrize(
    ("id_number", "name", "said", "code"),
    [
        pytest.param(CHEN[:-1] + "0", "陈桂芳", {}, "E-ID-CHECK", id="校验码不对"),
        pytest.param(CHEN, "陈桂芬", {}, "E-PERSON-NAME", id="号码在另一姓名下"),
        pytest.param(number("19730516", 44), "", {}, "E-PERSON-NAME", id="没有姓名"),
        pytest.param(number("19730516", 44), "王芳", {"born": date(1973, 5, 17)}, "E-PERSON-BIRTH", id="出生日期不符"),
        pytest.param(number("19730516", 44), "王芳", {"sex": "male"}, "E-PERSON-SEX", id="性别不符"),
    ],
)
def test_who_is_not_registered(id_number: str, name: str, said: dict[str, object], code: str) -> None:
    chen()
    assert fault(lambda: register_person(id_number, name, region_code=RUGAO, actor=SYSTEM, now=NOW, **said)) == code  # type: ignore[arg-type]
    assert Person.objects.count() == 1


def test_the_database_refuses_the_same_number_twice() -> None:
    person = chen()
    person.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save(force_insert=True)


@pytest.mark.parametrize("role", [Role.FINANCE_CLERK, Role.AUDITOR, Role.TAX_CLERK])
def test_posts_that_register_nobody(post_of: PostOf, role: str) -> None:
    with pytest.raises(OutOfScope):
        chen(post_of(role).actor())


def test_nothing_readable_lies_in_the_row() -> None:
    person = chen()
    stored = bytes(Person.objects.values_list("id_number_sealed", flat=True).get(pk=person.pk))
    assert CHEN.encode() not in stored
    assert CHEN[6:14] not in repr(person) + str(person)


def test_a_look_at_the_number_is_on_record(post_of: PostOf) -> None:
    actor = post_of(Role.AGENCY_REVIEWER).actor()
    person = chen()
    assert look_at_number(person.pk, "与身份证核对", actor=actor, now=NOW) == CHEN
    assert number_for_print(person, "申请表", actor=actor, now=NOW) == CHEN
    seen = AuditEntry.objects.filter(subject=f"person:{person.pk}").order_by("number").values_list("action", "reason", "user_id")
    assert list(seen)[1:] == [
        ("person.number_seen", "与身份证核对", actor.user_id),
        ("person.number_printed", "申请表", actor.user_id),
    ]
    assert fault(lambda: look_at_number(person.pk, "  ", actor=actor, now=NOW)) == "E-REASON"
    assert not AuditEntry.objects.filter(after__icontains=CHEN).exists()


def test_a_number_moved_to_another_row_does_not_open() -> None:
    one, other = chen(), shen()
    Person.objects.filter(pk=other.pk).update(id_number_sealed=one.id_number_sealed)
    assert fault(lambda: look_at_number(other.pk, "核对", actor=SYSTEM, now=NOW)) == "E-SEALED"


def citizen(person: Person, name: str) -> Actor:
    user = User.objects.create(username=name, name=person.name)
    open_citizen_account(user, person.pk, actor=SYSTEM, now=NOW)
    return Actor(person.name, person.region_code, CITIZEN, user_id=user.pk)


def test_whom_each_actor_finds(post_of: PostOf) -> None:
    one, other = chen(), shen()
    officer = post_of(Role.BANK_OFFICER).actor()
    assert officer.organisation_id is not None
    set_card(one.pk, officer.organisation_id, "6217000012345678", starts_on=date(2026, 1, 5), actor=officer, now=NOW)
    elsewhere = Actor("乙", "360702", Role.AGENCY_REVIEWER, user_id=officer.user_id)
    seen = {
        "agency": post_of(Role.AGENCY_REVIEWER).actor(),
        "bank": officer,
        "citizen": citizen(other, "shen"),
        "elsewhere": elsewhere,
    }
    found = {name: {person.pk for person in people_for(actor)} for name, actor in seen.items()}
    assert found == {"agency": {one.pk, other.pk}, "bank": {one.pk}, "citizen": {other.pk}, "elsewhere": set()}
    with pytest.raises(Person.DoesNotExist):
        person_for(seen["citizen"], one.pk)
    with pytest.raises(Person.DoesNotExist):
        look_at_number(one.pk, "好奇", actor=seen["citizen"], now=NOW)


def test_search_by_number_phone_and_name(post_of: PostOf) -> None:
    actor = post_of(Role.AGENCY_INTAKE).actor()
    person = chen()
    shen()
    set_phone(person.pk, "138-0000-1234", actor=actor, now=NOW)
    for words in (CHEN, f" {CHEN} ", "13800001234", "陈", "陈桂芳"):
        assert [each.pk for each in search(actor, words)] == [person.pk], words
    for words in ("", "桂", "3206", "13800001235"):
        assert not search(actor, words).exists(), words
    assert find(CHEN) == person
    assert find(number("19730516", 44)) is None


def test_telephones_keep_their_days() -> None:
    person = chen()
    first = set_phone(person.pk, "13800001234", actor=SYSTEM, now=NOW)
    later = NOW + timedelta(days=3)
    assert set_phone(person.pk, "138 0000 1234", actor=SYSTEM, now=later) == first
    second = set_phone(person.pk, "13900005678", actor=SYSTEM, now=later)
    assert [(each.masked, each.ends_at) for each in phone_history(person)] == [("139****5678", None), ("138****1234", later)]
    assert fault(lambda: set_phone(person.pk, "12ab", actor=SYSTEM, now=later)) == "E-PHONE"
    assert Phone.objects.get(pk=second.pk).ends_at is None


def test_card_accounts_keep_their_days(post_of: PostOf) -> None:
    bank = Organisation.objects.get(kind=OrganisationKind.BANK, region="320682")
    agency = Organisation.objects.get(kind=OrganisationKind.AGENCY, region="320682")
    one, other = chen(), shen()

    def card(person: Person, account: str, day: int, organisation: Organisation = bank) -> CardAccount:
        return set_card(person.pk, organisation.pk, account, starts_on=date(2026, 3, day), actor=SYSTEM, now=NOW)

    first = card(one, "6217000012345678", 1)
    assert card(one, "6217 0000 1234 5678", 9) == first
    second = card(one, "6217000099998888", 9)
    first.refresh_from_db()
    assert (first.ends_on, second.last_four, card_account(one, bank.pk)) == (date(2026, 3, 8), "8888", second)
    assert fault(lambda: card(other, "6217000099998888", 9)) == "E-CARD-TAKEN"
    assert fault(lambda: card(one, "6217000077776666", 9)) == "E-CARD-DAY"
    assert fault(lambda: card(one, "62", 20)) == "E-CARD"
    assert fault(lambda: card(one, "6217000077776666", 20, agency)) == "E-CARD-BANK"


@pytest.mark.parametrize(
    ("day", "source", "code"),
    [
        pytest.param(date(1973, 5, 15), "死亡证明", "E-DEATH-DAY", id="出生之前"),
        pytest.param(date(2026, 10, 13), "死亡证明", "E-DEATH-DAY", id="尚未到的日子"),
        pytest.param(date(2026, 10, 1), " ", "E-SOURCE", id="没有来源"),
    ],
)
def test_deaths_that_are_not_kept(day: date, source: str, code: str) -> None:
    person = chen()
    assert fault(lambda: record_death(person.pk, day, source, actor=SYSTEM, now=NOW)) == code


def test_a_death_put_right_leaves_both_days_on_record() -> None:
    person = chen()
    for day in (date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 2)):
        record_death(person.pk, day, "公安死亡信息", actor=SYSTEM, now=NOW)
    entries = AuditEntry.objects.filter(action="person.died").order_by("number").values_list("after__died_on", flat=True)
    assert list(entries) == ["2026-09-01", "2026-09-02"]
    assert not Person.objects.get(pk=person.pk).dead_on(date(2026, 9, 1))


def test_changes_name_what_changed(post_of: PostOf) -> None:
    actor = post_of(Role.AGENCY_INTAKE).actor()
    person = chen()
    change_person(person.pk, hukou_code=RUGAO, address="东陈镇", actor=actor, now=NOW)
    change_person(person.pk, address="东陈镇", actor=actor, now=NOW)
    entry = AuditEntry.objects.get(action="person.changed")
    assert (entry.before, entry.after) == ({"address": ""}, {"address": "东陈镇"})
    with pytest.raises(OutOfScope):
        change_person(person.pk, region_code="360702", actor=actor, now=NOW)
    with pytest.raises(TypeError):
        change_person(person.pk, name="别人", actor=actor, now=NOW)
