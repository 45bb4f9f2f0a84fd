"""Sponsors: an offer for named or categorised people, its check against the ceilings, the payment, the accounts, the receipt.

The only writers of sponsorships. A sponsor pays the part no government pays and nobody else has paid, at most up to the chosen tier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.models import Source
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.workflow import same_person, wrong_state

from .models import PlanRow, Sponsor, SponsoredPerson, SponsorKind, Sponsorship
from .parties import Books, organisation
from .sponsors_ceiling import CODES, Ceiling, ceiling_of
from .states.sponsorship import SPONSORSHIP
from .stepping import take

SOURCE: Final = "sponsorship"
LOT: Final = "sponsor"


@dataclass(frozen=True)
class Wanted:
    """Somebody a sponsor offers to pay for. Whoever stands in the plan needs no more than `row`; for others fee and public part are said.

    `group` is the category of the plan, or ``land_expropriated``, ``ex_fisherman``, ``other``; money in fen.
    """

    person: Person
    row: PlanRow | None = None
    group: str = ""
    tier_fen: int = 0
    government_fen: int = 0


@transaction.atomic
def register_sponsor(
    kind: str, name: str, *, region_code: str, code: str = "", contact: str = "", phone: str = "", actor: Actor, now: datetime
) -> Sponsor:
    """Register a sponsor of a county, once by name; the same again changes nothing.

    Raise OutOfScope, E-SPONSOR-NAME without a name or for one registered as another kind.
    """
    actor.require_role(*SPONSORSHIP.transition("offer").posts)
    actor.require_region(region_code)
    said = name.strip()
    if not said or kind not in SponsorKind.values:
        raise ZhubaoError("E-SPONSOR-NAME", Text("请写明资助方名称和类型", "name and kind of the sponsor are needed"))
    sponsor, made = Sponsor.objects.get_or_create(
        region_code=region_code,
        name=said,
        defaults={"kind": kind, "code": code.strip(), "contact": contact.strip(), "phone": phone.strip(), "registered_at": now},
    )
    if sponsor.kind != kind:
        raise ZhubaoError(
            "E-SPONSOR-NAME", Text("这个名称已登记为另一类资助方", "this name is registered as another kind"), place=sponsor.name
        )
    if made:
        record("sponsor.registered", sponsor.subject, actor=actor, now=now, region_code=region_code, after={"kind": kind})
    return sponsor


@implements("gz-2a", "gz-2b", as_="action")
@transaction.atomic
def offer(
    sponsor_id: int,
    people: Iterable[Wanted],
    *,
    policy_id: str,
    year: int,
    each_fen: int,
    category: str = "",
    on: date,
    key: str,
    actor: Actor,
    now: datetime,
) -> Sponsorship:
    """Enter an offer of so much for each person and check it at once against everybody's ceiling; the same `key` changes nothing.

    Whoever is above the ceiling is kept with the reason; a sponsorship that is above it for everybody is refused. Raise DoesNotExist,
    OutOfScope, E-SPONSOR-AMOUNT for nothing, E-SPONSOR-NOBODY without people, E-SPONSOR-DAY for a day to come.
    """
    sponsor = Sponsor.objects.select_for_update(of=("self",)).get(pk=sponsor_id)
    actor.require_role(*SPONSORSHIP.transition("offer").posts)
    actor.require_region(sponsor.region_code)
    before = Sponsorship.objects.filter(sponsor=sponsor, key=key).first()
    if before is not None:
        return before
    wanted = list({each.person.pk: each for each in people}.values())
    if each_fen <= 0:
        raise ZhubaoError("E-SPONSOR-AMOUNT", Text("资助金额应大于零", "an amount above zero is needed"), place=sponsor.name)
    if not wanted:
        raise ZhubaoError(
            "E-SPONSOR-NOBODY",
            Text("没有资助对象", "there is nobody to sponsor"),
            place=sponsor.name,
            remedy=Text("选择类别，或填写身份证号", "choose a category, or give citizen numbers"),
        )
    if on > localdate(now):
        raise ZhubaoError("E-SPONSOR-DAY", Text("日期不能晚于今天", "the day lies ahead"), place=sponsor.name)
    made = Sponsorship.objects.create(
        region_code=sponsor.region_code,
        sponsor=sponsor,
        number=_number(sponsor, year),
        policy_id=policy_id,
        year=year,
        category=category,
        each_fen=each_fen,
        state_since=now,
        offered_on=on,
        key=key,
        offered_by_id=actor.user_id,
    )
    lines = [_checked(made, each, ceiling_of(each.person, each, year, sponsor.region_code, now), each_fen) for each in wanted]
    SponsoredPerson.objects.bulk_create(lines)
    accepted = sum(line.accepted_fen for line in lines)
    made.state, made.checked_on = ("checked" if accepted else "refused"), localdate(now)
    made.save(update_fields=["state", "checked_on"])
    after = {"people": len(lines), "refused": sum(bool(line.refused) for line in lines), "fen": accepted, "state": made.state}
    _note("offered", made, after, actor=actor, now=now)
    return made


def _number(sponsor: Sponsor, year: int) -> str:
    """Return the next number of a county's year; the sponsor's county is counted under the lock of its sponsors."""
    list(Sponsor.objects.select_for_update(of=("self",)).filter(region_code=sponsor.region_code).order_by("pk").values_list("pk"))
    there = Sponsorship.objects.filter(region_code=sponsor.region_code, year=year).count()
    return f"ZZ{sponsor.region_code}-{year}-{there + 1:04d}"


def _checked(made: Sponsorship, each: Wanted, found: Ceiling, asked_fen: int) -> SponsoredPerson:
    refused = found.refused or ("ceiling" if asked_fen > found.ceiling_fen else "")
    return SponsoredPerson(
        sponsorship=made,
        person=each.person,
        row=each.row,
        region_code=each.row.region_code if each.row else each.person.region_code,
        group=each.row.category if each.row else each.group,
        tier_fen=found.tier_fen,
        government_fen=found.government_fen,
        others_fen=found.others_fen,
        ceiling_fen=found.ceiling_fen,
        asked_fen=asked_fen,
        accepted_fen=0 if refused else asked_fen,
        refused=refused,
    )


@implements("gz-2a", as_="action")
@transaction.atomic
def note_payment(sponsorship_id: int, *, fen: int, reference: str, on: date, actor: Actor, now: datetime) -> Sponsorship:
    """Note that the sponsor paid what was accepted; the same payment again changes nothing.

    Posted at once: the sponsor's donation, and the collection account of the residents' contributions. Raise DoesNotExist, OutOfScope,
    E-STATE, E-SPONSOR-PAYMENT for another amount, a reference missing or used by another sponsorship, or a day that does not fit.
    """
    made = _locked(sponsorship_id, "pay", actor)
    said = reference.strip()
    if made.payment_reference:
        if (made.payment_reference, made.paid_fen, made.paid_on) == (said, fen, on):
            return made
        raise _payment(made, f"已登记到款（{made.payment_reference}）", f"a payment is noted already ({made.payment_reference})")
    _require_state(made, "pay")
    due = accepted_fen(made)
    if fen != due:
        raise _payment(
            made,
            f"到款 {amount_in_yuan(fen)} 元，应为 {amount_in_yuan(due)} 元",
            f"{amount_in_yuan(fen)} came, {amount_in_yuan(due)} was due",
        )
    if not said or len(said) > 60:
        raise _payment(made, "没有付款凭证号", "the number of the payment is missing")
    if on < made.offered_on or on > localdate(now):
        raise _payment(made, "到款日期不对", "the day of the payment does not fit")
    if Sponsorship.objects.filter(region_code=made.region_code, payment_reference=said).exists():
        raise _payment(made, "这个付款凭证号已用过", "this payment was noted for another sponsorship")
    _require_within(made, now)
    _post(made, fen, on, actor=actor, now=now)
    made.paid_on, made.paid_fen, made.payment_reference, made.paid_noted_by_id = on, fen, said, actor.user_id
    return _step(made, "paid", "pay", {"fen": fen, "reference": said}, actor=actor, now=now)


@implements("gz-2a", as_="action")
@transaction.atomic
def put_on_accounts(sponsorship_id: int, *, actor: Actor, now: datetime) -> Sponsorship:
    """Put a paid sponsorship on the personal accounts, one entry of the source sponsor a person; a second time changes nothing.

    Raise DoesNotExist, OutOfScope, E-STATE, E-SAME-PERSON for whoever entered the offer or noted the payment.
    """
    made = _locked(sponsorship_id, "record", actor)
    if made.recorded_on is not None:
        return made
    _require_state(made, "record")
    step = SPONSORSHIP.transition("record")
    for verb, user in (("offer", made.offered_by_id), ("pay", made.paid_noted_by_id)):
        if actor.user_id is not None and verb in step.apart_from and user == actor.user_id:
            raise same_person(SPONSORSHIP.transition(verb), made.subject)
    assert made.paid_on is not None, made.subject
    lines = SponsoredPerson.objects.filter(sponsorship=made, refused="").order_by("pk").values_list("person_id", "accepted_fen")
    credits_made = [
        Credit(
            person_id,
            Source.SPONSOR,
            fen,
            on=made.paid_on,
            subject=made.subject,
            key=str(person_id),
            lot=LOT,
            region_code=made.region_code,
        )
        for person_id, fen in lines
    ]
    system = Actor.system(SOURCE, made.region_code)
    credit_many(credits_made, actor=system, now=now)
    _pay_own_parts(made, actor=system, now=now)
    made.recorded_on = localdate(now)
    return _step(made, "recorded", "record", {"people": len(credits_made)}, actor=actor, now=now)


@implements("gz-2a", as_="action")
@transaction.atomic
def write_receipt(sponsorship_id: int, *, actor: Actor, now: datetime) -> Sponsorship:
    """Give a sponsorship on the accounts its receipt; a second time changes nothing. Raise DoesNotExist, OutOfScope, E-STATE."""
    made = _locked(sponsorship_id, "receipt", actor)
    if made.receipt_number:
        return made
    _require_state(made, "receipt")
    made.receipt_number, made.receipt_on = made.number.replace("ZZ", "SJ", 1), localdate(now)
    return _step(made, "receipted", "receipt", {"receipt": made.receipt_number}, actor=actor, now=now)


@transaction.atomic
def withdraw(sponsorship_id: int, reason: str, *, actor: Actor, now: datetime) -> Sponsorship:
    """Take an offer back before it is paid; a second time changes nothing. Raise DoesNotExist, OutOfScope, E-STATE, E-REASON."""
    made = _locked(sponsorship_id, "withdraw", actor)
    if made.state == "withdrawn":
        return made
    _require_state(made, "withdraw")
    if not reason.strip():
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=made.number)
    return _step(made, "withdrawn", "withdraw", {"reason": reason.strip()[:300]}, actor=actor, now=now)


def _pay_own_parts(made: Sponsorship, *, actor: Actor, now: datetime) -> None:
    """Let what a sponsor paid count towards the own part of whoever stands in the plan (A-GZ-8)."""
    for line in SponsoredPerson.objects.filter(sponsorship=made, refused="", row__state="planned").select_related("row__plan"):
        row = line.row
        assert row is not None, line
        paid = row.self_paid_fen + line.accepted_fen
        rows = PlanRow.objects.filter(pk=row.pk)
        values: dict[str, Any] = {"self_paid_fen": paid, "self_paid_on": made.paid_on}
        if paid < row.self_pay_fen:
            rows.update(**values)
        else:
            values["receipt_number"] = made.number
            take(row.plan, rows, "pay_self", key=made.number, on=made.paid_on, values=values, actor=actor, now=now)


def accepted_fen(made: Sponsorship) -> int:
    """Return what a sponsor is to pay in all."""
    return sum(SponsoredPerson.objects.filter(sponsorship=made).values_list("accepted_fen", flat=True))


def _require_within(made: Sponsorship, now: datetime) -> None:
    """Raise E-SPONSOR-CEILING when somebody else paid since the check, so that a person would be paid for above the ceiling."""
    lines = SponsoredPerson.objects.filter(sponsorship=made, refused="").select_related("person", "row")
    over = [line for line in lines if line.accepted_fen > _ceiling_now(made, line, now)]
    if over:
        name = over[0].person.masked_name
        raise ZhubaoError(
            "E-SPONSOR-CEILING",
            Text(
                f"核对后又有人为{name}等 {len(over)} 人缴费，已超过限额",
                f"{name} and {len(over) - 1} more were paid for since: above the ceiling",
            ),
            place=made.number,
            remedy=Text("撤回后按剩余限额重新提出", "take the offer back and enter it anew"),
        )


def _ceiling_now(made: Sponsorship, line: SponsoredPerson, now: datetime) -> int:
    row = PlanRow.objects.get(pk=line.row_id) if line.row_id else None
    said = Wanted(line.person, row, line.group, line.tier_fen, line.government_fen)
    return ceiling_of(line.person, said, made.year, made.region_code, now).ceiling_fen


def _locked(sponsorship_id: int, verb: str, actor: Actor) -> Sponsorship:
    made = Sponsorship.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=sponsorship_id)
    actor.require_role(*SPONSORSHIP.transition(verb).posts)
    actor.require_region(made.region_code)
    return made


def _require_state(made: Sponsorship, verb: str) -> None:
    step = SPONSORSHIP.transition(verb)
    if made.state not in step.start:
        raise wrong_state(SPONSORSHIP, made.state, step, made.number, Text("资助现在是", "the sponsorship is now"))


def _payment(made: Sponsorship, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError("E-SPONSOR-PAYMENT", Text(zh, en), place=made.number)


def _post(made: Sponsorship, fen: int, on: date, *, actor: Actor, now: datetime) -> None:
    """Post a payment in the books of the sponsor, of tax and of the fund."""
    tax = Organisation.objects.filter(kind=OrganisationKind.TAX, region_id=made.region_code).order_by("pk").first()
    books = Books(made.region_code, made.subject, on)
    entry = f"{on}/{made.number}"
    books.add("sponsored", entry, Party.SPONSOR, "donation", "cash", fen, which=made.sponsor.subject)
    which = organisation(tax) if tax else made.region_code
    books.add("sponsored", entry, Party.TAX, "collection_account", "contributions_collected", fen, which=which)
    books.add("sponsored", entry, Party.FUND, "collection_account", "contributions", fen)
    books.post(actor=actor, now=now)


def _step(made: Sponsorship, state: str, verb: str, after: dict[str, Any], *, actor: Actor, now: datetime) -> Sponsorship:
    made.state, made.state_since = state, now
    made.save()
    _note(verb, made, {**after, "state": state}, actor=actor, now=now)
    return made


def _note(verb: str, made: Sponsorship, after: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    record(f"sponsorship.{verb}", made.subject, actor=actor, now=now, region_code=made.region_code, after=after)


def refusal_said(code: str) -> Text:
    """Return why somebody is not sponsored, in words; KeyError for a code there is not."""
    return CODES[code]


def named_people(numbers: Sequence[str]) -> list[str]:
    """Return the citizen numbers of a pasted text, one a line or blank-separated, without repetition."""
    return list(dict.fromkeys(part for text in numbers for part in text.replace("，", " ").replace(",", " ").split()))
