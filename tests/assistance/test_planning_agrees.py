"""The plan of everybody and the verdict on one person are the same answer: random lives, judged in both ways."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection

from tests.people.tables import number
from zhubao.assistance.models import AssistancePlan, PlanRun, PlanRunKind
from zhubao.assistance.planning.judging import forget, judge_all
from zhubao.assistance.planning.reckoning import book_of
from zhubao.evidence.facts import gather_many
from zhubao.people.many_rows import add_rows
from zhubao.people.models import CategoryList, Circumstance, Identity, InsuredRecord, Person
from zhubao.people.sealing import person_rows
from zhubao.policies import judge_of
from zhubao.rules.policy import Policy

from .pengshui import at, found_county

PEOPLE = 150
VERDICTS = ("met", "to_be_decided", "evidence_missing", "not_met")
PLACES = {
    "pengshui-2022": ("500243", date(2022, 7, 15), ("500243", "500102", "440300", "500243")),
    "ganzhou-2021-7": ("360703", date(2024, 7, 15), ("360703", "360702", "440300", "360733")),
}
FLAG = (None, None, False, False, False, True)


class Lives:
    """People drawn by chance, with everything the registers may hold of them."""

    def __init__(self, random: Random, policy: Policy, county: str, on: date, places: tuple[str, ...]) -> None:
        self.random, self.policy, self.county, self.on, self.places = random, policy, county, on, places

    def enter(self, count: int) -> None:
        """Register people with identities, insured records, grades, deaths, and now and then a complete list."""
        people = [self.person(serial) for serial in range(count)]
        person_rows([person for person, _number in people], [each for _person, each in people])
        names = [each.name for each in Person._meta.concrete_fields]
        add_rows(Person, names, ([getattr(person, name) for name in names] for person, _number in people))
        keys = [person.pk for person, _number in people]
        Identity.objects.bulk_create(row for key in keys for row in self.identities(key))
        InsuredRecord.objects.bulk_create(row for key in keys for row in self.records(key))
        Circumstance.objects.bulk_create(row for key in keys for row in self.grades(key))
        CategoryList.objects.bulk_create(self.lists())

    def day(self) -> date | None:
        return self.random.choice((None, self.on + timedelta(days=self.random.randrange(-400, 60))))

    def person(self, serial: int) -> tuple[Person, str]:
        age = self.random.choice((15, 16, 30, 45, 59, 60, self.random.randrange(10, 75)))
        day = self.on.replace(year=self.on.year - age) + timedelta(
            days=self.random.choice((-1, 0, 1, self.random.randrange(365)))
        )
        died = self.random.random() < 0.1
        digits = number(f"{day:%Y%m%d}", serial + 1, self.county)
        village = self.random.choice(("", "101", "101201"))
        person = Person(
            region_code=self.county + village,
            name=f"某{serial}",
            born=day,
            sex="male",
            registered_at=at(1, 1),
            residence_code=self.random.choice(("", self.county, "440300")),
            hukou_code=self.random.choice(("", self.county)),
            died_on=max(day, self.on + timedelta(days=self.random.randrange(-90, 30))) if died else None,
            died_source="死亡名单" if died else "",
        )
        return person, digits

    def identities(self, person: int) -> list[Identity]:
        rows = []
        for code, identity in self.policy.identities.items():
            if self.random.random() < 0.35:
                starts, ends = sorted((self.day() or date.min, self.day() or date.max))
                right = self.random.random() < 0.85
                rows.append(
                    Identity(
                        person_id=person,
                        region_code=self.county,
                        category=code,
                        certifier=self.random.choice(identity.certifiers) if right else "trade_union",
                        starts_on=None if starts == date.min else starts,
                        ends_on=None if ends == date.max else ends,
                        source="名册",
                        recorded_at=at(1, 5),
                        withdrawn_at=at(1, 6) if self.random.random() < 0.1 else None,
                    )
                )
        return rows

    def records(self, person: int) -> list[InsuredRecord]:
        schemes = self.random.sample(
            ("employee_pension", "resident_pension", "institution_pension", "none"), self.random.choice((0, 1, 1, 1, 2))
        )
        weighted = ["resident_pension"] if self.random.random() < 0.5 else schemes
        flags = ("student", "military", "imprisoned", "deceased", "receiving_pension")
        return [
            InsuredRecord(
                person_id=person,
                scheme=scheme,
                insured_area=self.random.choice((*self.places, "")),
                chosen_tier_fen=self.random.choice((None, 10_000, 20_000, 5_000)),
                recorded_on=self.on,
                source="参保",
                recorded_at=at(1, 5),
                superseded_at=at(1, 6) if self.random.random() < 0.1 else None,
                **{flag: self.random.choice(FLAG) for flag in flags},
            )
            for scheme in weighted
        ]

    def grades(self, person: int) -> list[Circumstance]:
        if self.random.random() > 0.2:
            return []
        starts = self.day()
        ends = self.day()
        if starts and ends and ends < starts:
            starts, ends = ends, starts
        return [
            Circumstance(
                person_id=person,
                kind="disability_grade",
                value=self.random.randrange(1, 5),
                starts_on=starts,
                ends_on=ends,
                source="残疾证",
                recorded_at=at(1, 5),
            )
        ]

    def lists(self) -> list[CategoryList]:
        return [
            CategoryList(
                region_code=self.county + self.random.choice(("", "101")),
                category=code,
                certifier=identity.certifiers[0],
                listed_on=self.on + timedelta(days=self.random.randrange(-60, 20)),
                source="完整名册",
                roster_file=f"file:{code}",
                recorded_at=at(1, 5),
            )
            for code, identity in self.policy.identities.items()
            if self.random.random() < 0.6
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("policy_id", PLACES, ids=["彭水 Pengshui", "赣州 Ganzhou"])
@pytest.mark.clauses("ps-2.2d", "gz-1b", "gz-1c")
def test_everybody_at_once_gets_the_verdict_each_would_get_alone(policy_id: str, seed: int) -> None:
    county, on, places = PLACES[policy_id]
    judge = judge_of(policy_id)
    Lives(Random(f"{policy_id}{seed}"), judge.policy, county, on, places).enter(PEOPLE)
    agency = found_county().agency
    moment = at(7, 15, year=2026)
    plan = AssistancePlan.objects.create(
        region_code=county, policy_id=policy_id, year=on.year, agency=agency, state_since=moment, opened_at=moment
    )
    run = PlanRun.objects.create(
        plan=plan,
        number=1,
        kind=PlanRunKind.MONTHLY,
        as_of=on,
        figures_known_at=moment,
        started_at=moment,
        actor_name="test",
        key="1",
    )
    book = book_of(run)
    judge_all(run, book)
    amounts = list(judge.policy.amounts)
    clauses = [clause.id for clause in judge.policy.judged(with_contract=False)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT judged.person_id, verdict, failed, unknown, category, payer, {', '.join(f'judged.{each}' for each in amounts)}, "
            "identities FROM plan_judged AS judged JOIN plan_facts AS fact ON fact.person_id = judged.person_id"
        )
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    forget()
    asked = Person.objects.filter(pk__in=found)
    assert len(found) > PEOPLE // 3
    alone: dict[int, tuple[Any, ...]] = {}
    for person, facts in gather_many(asked, policy_id, on):
        each = judge(facts, on=on, book=book)
        masks = (sum(1 << clauses.index(clause) for clause in ids) for ids in (each.failed, each.unknown))
        verdict = VERDICTS.index(each.verdict)
        alone[person.pk] = (verdict, *masks, each.category, each.payer, *each.amounts.values(), list(each.categories))
    assert found == alone
