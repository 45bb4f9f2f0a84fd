"""The only writers of resident pensions, one person at a time; a month of a county is done in `running`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book

from ..after_death.actions import find as settle_death
from ..courses import begin, locked, require_hands, require_step, take, tell_person
from .course import PROCESS
from .models import Benefit, BenefitAmount
from .reckoning import balance_of, of_age_on, other_pensions, reckon, seen_anywhere


@implements("ps-3.1c", "gz-1d", as_="action")
@transaction.atomic
def find(person: Person, ground: str, *, category: str = "", actor: Actor, now: datetime) -> Benefit:
    """Have somebody who is of age helped to apply; found before, it is the same record. Raise E-AGE, E-DEAD beside what `begin` raises."""
    today = localdate(now)
    found = Benefit.objects.filter(person=person).first()
    if found is not None:
        return found
    reached = of_age_on(person.born, today)
    if reached > today and (reached.year, reached.month) != (today.year, today.month):
        raise ZhubaoError(
            "E-AGE",
            Text(f"{reached} 才到领取年龄", f"of age on {reached} only"),
            place=f"person:{person.pk}",
            remedy=Text("到龄当月再办理", "come back in that month"),
        )
    if person.dead_on(today):
        raise ZhubaoError("E-DEAD", Text("已去世", "the person has died"), place=f"person:{person.pk}")
    benefit = Benefit(
        region_code=person.region_code,
        person=person,
        ground=ground,
        category=category,
        of_age_on=reached,
        found_on=today,
        other_pension=seen_anywhere(person),
        other_pension_source="参保登记" if seen_anywhere(person) is not None else "",
    )
    return begin(benefit, "find", key=f"find/{ground}", actor=actor, now=now, after={"ground": ground})


@implements("ps-3.1c", "gz-1d", as_="action")
@transaction.atomic
def apply(
    benefit_id: int, other_pension: bool | None, source: str = "", *, key: str = "", actor: Actor, now: datetime
) -> Benefit:
    """Record the application, and what the person says about another pension (None: does not know); no payment is asked (A-GZ-4)."""
    benefit = locked(Benefit, benefit_id)
    values: dict[str, Any] = {"applied_on": localdate(now)}
    if other_pension is not None and benefit.other_pension is not True:
        values |= {"other_pension": other_pension, "other_pension_source": (source.strip() or "本人申报")[:200]}
    return take(Benefit, benefit_id, "apply", key=key, values=values, actor=actor, now=now)


@transaction.atomic
def decline(benefit_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> Benefit:
    """Record that somebody does not want to apply now, with the reason."""
    return take(Benefit, benefit_id, "decline", reason=reason, key=key, actor=actor, now=now)


@implements("ps-3.1c", "gz-1d", as_="action")
@transaction.atomic
def grant(benefit_id: int, *, no_other_pension: str = "", key: str = "", actor: Actor, now: datetime) -> Benefit:
    """Grant the pension: basic pension of the place and date, and the account's part; nothing is paid back by the person.

    `no_other_pension`: where somebody looked, when the records do not say. Raise E-OTHER-PENSION where one is drawn,
    E-EVIDENCE while nobody looked, E-STANDARD, E-ACCOUNT-UNKNOWN beside what `take` raises.
    """
    benefit = locked(Benefit, benefit_id)
    row = PROCESS.transition("grant")
    require_hands(benefit, row, actor)
    if key and benefit.steps.filter(key=key).exists():
        return benefit
    require_step(benefit, row, "", actor)
    _require_no_other_pension(benefit, no_other_pension)
    book = parameter_book()
    assert benefit.applied_on is not None
    found = reckon(benefit, benefit.applied_on, balance_of(benefit.person, localdate(now)), book)
    month = localdate(now).replace(day=1)
    values: Mapping[str, Any] = {
        "other_pension": False,
        "other_pension_source": no_other_pension.strip()[:200] or benefit.other_pension_source,
        "account_fen": found.account_fen,
        "starts_on": found.starts_on,
        "arrears_from": found.starts_on if found.starts_on < month else None,
    }
    BenefitAmount.objects.create(
        benefit=benefit,
        starts_on=found.starts_on,
        basic_fen=found.basic_fen,
        account_part_fen=found.account_part_fen,
        standard_area=found.standard.area_code[:6],
        standard_source=found.standard.source[:200],
        entered_at=now,
    )
    after = {"from": found.starts_on.isoformat(), "basic_fen": found.basic_fen, "account_part_fen": found.account_part_fen}
    done = take(Benefit, benefit_id, "grant", key=key, values=values, after=after, actor=actor, now=now)
    words = f"居民养老待遇已核定：自 {found.starts_on:%Y-%m} 起每月 {amount_in_yuan(found.total_fen)} 元。"
    tell_person(done, words, occasion=f"grant/{done.steps.count()}", actor=actor, now=now)
    return done


@implements("gz-1d", as_="action")
@transaction.atomic
def refuse(benefit_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> Benefit:
    """Refuse the pension with the reason the person is told, as where another pension is drawn."""
    done = take(Benefit, benefit_id, "refuse", reason=reason, key=key, actor=actor, now=now)
    words = f"居民养老待遇不予发放：{reason.strip()}"
    tell_person(done, words, occasion=f"refuse/{done.steps.count()}", actor=actor, now=now)
    return done


@transaction.atomic
def reopen(benefit_id: int, reason: str, *, key: str = "", actor: Actor, now: datetime) -> Benefit:
    """Take a refused pension up again."""
    return take(Benefit, benefit_id, "reopen", reason=reason, key=key, actor=actor, now=now)


@implements("gz-1d", as_="action")
@transaction.atomic
def stop(benefit_id: int, *, key: str = "", actor: Actor, now: datetime) -> Benefit:
    """End a pension by the death on record: the month of death is the last one paid; what was paid later is to be recovered.

    Raise E-ALIVE where no death is recorded.
    """
    benefit = locked(Benefit, benefit_id)
    died: date | None = benefit.person.died_on
    if died is None:
        raise ZhubaoError(
            "E-ALIVE",
            Text("没有登记身故", "no death is on record"),
            place=benefit.subject,
            remedy=Text("先在人员资料登记死亡日期和来源", "record the death with its source first"),
        )
    done = take(
        Benefit,
        benefit_id,
        "stop",
        key=key or "death",
        values={"stopped_on": died.replace(day=1), "arrears_from": None},
        after={"died_on": died.isoformat()},
        actor=actor,
        now=now,
    )
    settle_death(benefit.person, actor=Actor.system("after-death", scope=benefit.region_code), now=now)
    return done


def _require_no_other_pension(benefit: Benefit, looked: str) -> None:
    drawn = other_pensions(benefit.person)
    if drawn or benefit.other_pension:
        scheme = drawn[0].get_scheme_display() if drawn else benefit.other_pension_source
        raise ZhubaoError(
            "E-OTHER-PENSION",
            Text(f"已领取其他养老待遇（{scheme}）", f"another pension is drawn ({scheme})"),
            place=benefit.subject,
            remedy=Text("不予发放，写明理由", "refuse, with the reason"),
        )
    if benefit.other_pension is None and not looked.strip():
        raise ZhubaoError(
            "E-EVIDENCE",
            Text("是否领取其他养老待遇尚无依据", "whether another pension is drawn is not known"),
            place=benefit.subject,
            remedy=Text("比对职工、机关养老发放数据，写明出处", "look it up in the other schemes' data and say where"),
        )
