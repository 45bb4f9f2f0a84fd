"""The writers of persons, their numbers and accounts. Each action is one transaction with its audit entry in it.

What the registers and departments state is written in `recording`, whole lists in `bulk`.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation, User
from zhubao.access.roles import BANK_ROLES, OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.identity import normalise
from zhubao.language import Text
from zhubao.policies.claims import implements

from .keys import keys
from .models import CITIZEN, CardAccount, CitizenAccount, Person, Phone
from .sealing import account_columns, citizen_number, open_account, open_number, open_phone, person_rows, phone_columns, row_keys
from .statements import readable

# Whoever a document makes the first receiver of an application registers the applicant: agency, committee, bank.
REGISTERING_ROLES = (
    Role.AGENCY_INTAKE,
    Role.AGENCY_REVIEWER,
    Role.COMMITTEE_MEMBER,
    Role.TOWNSHIP_CLERK,
    Role.BANK_OFFICER,
)
KEEPING_ROLES = (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER)
CHANGEABLE = ("region_code", "hukou_code", "hukou_source", "residence_code", "address")


@implements("rg-annex1-person", as_="action")
@transaction.atomic
def register_person(
    id_number: str,
    name: str,
    *,
    region_code: str,
    hukou_code: str = "",
    hukou_source: str = "",
    residence_code: str = "",
    address: str = "",
    born: date | None = None,
    sex: str = "",
    actor: Actor,
    now: datetime,
) -> Person:
    """Return the person with this citizen number, entered when new; the same number and name twice change nothing.

    `region_code` is the place of insurance, or the township or village in it. `born` and `sex`, when the form has them, must agree with the
    number (E-PERSON-BIRTH, E-PERSON-SEX). Raise E-ID-… for a number that is none, E-PERSON-NAME for one registered under another name.
    """
    actor.require_role(*REGISTERING_ROLES)
    actor.require_region(region_code)
    number = citizen_number(id_number, localdate(now))
    said = name.strip()
    if not said or len(said) > 60:
        raise ZhubaoError("E-PERSON-NAME", Text("姓名要 1 到 60 个字", "a name of 1 to 60 signs is needed"))
    if born is not None and born != number.birth:
        raise _disagrees("E-PERSON-BIRTH", "出生日期", "the date of birth")
    if sex and sex != number.sex:
        raise _disagrees("E-PERSON-SEX", "性别", "the sex")
    _lock_number(keys().digest(number.text))
    there = Person.objects.filter(id_number_index=keys().digest(number.text)).first()
    if there is not None:
        if there.name != said:
            raise ZhubaoError(
                "E-PERSON-NAME",
                Text("这个号码已登记在另一个姓名下", "this number is registered under another name"),
                place=there.masked_number,
                remedy=Text("核对证件上的姓名和号码", "compare name and number with the identity card"),
            )
        return there
    person = Person(
        region_code=region_code,
        name=said,
        born=number.birth,
        sex=number.sex,
        hukou_code=hukou_code,
        hukou_source=hukou_source,
        residence_code=residence_code,
        address=address,
        registered_at=now,
    )
    [person] = person_rows([person], [number.text])
    person.save(force_insert=True)
    after = {"name": person.masked_name, "number": person.masked_number, "hukou": hukou_code}
    record("person.registered", f"person:{person.pk}", actor=actor, now=now, region_code=region_code, after=readable(after))
    return person


def _disagrees(code: str, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError(
        code,
        Text(f"{zh}与身份证号不符", f"{en} does not agree with the citizen number"),
        remedy=Text("核对身份证", "compare with the identity card"),
    )


def _lock_number(digest: bytes) -> None:
    """Let whoever registers the same number at the same moment wait, so that the second finds the first's row."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])


def locked_person(person_id: int, *roles: str, actor: Actor) -> Person:
    """Return a person locked for a change by somebody with one of `roles`, in their region; a citizen only themself.

    Raise DoesNotExist, OutOfScope.
    """
    actor.require_role(*roles)
    person = Person.objects.select_for_update().get(pk=person_id)
    if actor.role == CITIZEN and not CitizenAccount.objects.filter(user_id=actor.user_id or 0, person=person).exists():
        raise OutOfScope(str(person), Text("只能办理本人的事", "only one's own affairs"))
    actor.require_region(person.region_code)
    return person


@transaction.atomic
def change_person(person_id: int, *, actor: Actor, now: datetime, reason: str = "", **changes: str) -> Person:
    """Change place of insurance (`region_code`), `hukou_code`, `hukou_source`, `residence_code` or `address`; the same again does nothing.

    Raise OutOfScope for a region that is not the actor's, TypeError for any other column.
    """
    person = locked_person(person_id, *KEEPING_ROLES, Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK, actor=actor)
    if unknown := changes.keys() - set(CHANGEABLE):
        raise TypeError(f"not changed here: {sorted(unknown)}")
    new = {column: value for column, value in changes.items() if getattr(person, column) != value}
    if not new:
        return person
    actor.require_region(new.get("region_code", person.region_code))
    before = {column: getattr(person, column) for column in new}
    for column, value in new.items():
        setattr(person, column, value)
    person.save(update_fields=list(new))
    _note("person.changed", person, actor=actor, now=now, before=before, after=new, reason=reason)
    return person


@transaction.atomic
def record_death(person_id: int, died_on: date, source: str, *, actor: Actor, now: datetime) -> Person:
    """Keep the day a person died and who says so; another day replaces it and both stay in the audit log.

    Raise E-DEATH-DAY for a day before birth or after today, E-SOURCE without a source.
    """
    roles = (*KEEPING_ROLES, Role.AGENCY_ACCOUNTANT, Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK, Role.BANK_OFFICER)
    person = locked_person(person_id, *roles, actor=actor)
    if not person.born <= died_on <= localdate(now):
        problem = Text("死亡日期应在出生之后、不晚于今天", "a death lies after the birth and not after today")
        raise ZhubaoError("E-DEATH-DAY", problem, place=died_on.isoformat())
    if not source.strip():
        raise ZhubaoError("E-SOURCE", Text("要写明来源", "say where this comes from"))
    if (person.died_on, person.died_source) == (died_on, source):
        return person
    before = readable({"died_on": person.died_on, "source": person.died_source})
    person.died_on, person.died_source = died_on, source
    person.save(update_fields=["died_on", "died_source"])
    after = {"died_on": died_on.isoformat(), "source": source}
    _note("person.died", person, actor=actor, now=now, before=before or None, after=after)
    return person


@transaction.atomic
def set_phone(person_id: int, number: str, *, actor: Actor, now: datetime) -> Phone:
    """Keep a person's telephone number; the one before gets an end. The same number again changes nothing; E-PHONE for no number."""
    person = locked_person(person_id, *REGISTERING_ROLES, CITIZEN, actor=actor)
    digits = normalise(number).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        raise ZhubaoError("E-PHONE", Text("电话号码应为 7 到 15 位数字", "a telephone number has 7 to 15 digits"))
    current = Phone.objects.filter(person=person, ends_at=None).first()
    if current is not None and bytes(current.index) == keys().digest(f"phone:{digits}"):
        return current
    Phone.objects.filter(person=person, ends_at=None).update(ends_at=now)
    [key] = row_keys(Phone, 1)
    phone = Phone(pk=key, person=person, starts_at=now, **phone_columns(key, digits))
    phone.save(force_insert=True)
    before = {"phone": current.masked} if current else None
    _note("person.phone_set", person, actor=actor, now=now, before=before, after={"phone": phone.masked})
    return phone


@transaction.atomic
def set_card(person_id: int, bank_id: int, number: str, *, starts_on: date, actor: Actor, now: datetime) -> CardAccount:
    """Keep the card account a person has at a bank from `starts_on`; the one before ends the day before. The same again changes nothing.

    Raise E-CARD for a number that is none, E-CARD-BANK for an organisation that is no bank or another bank's officer, E-CARD-TAKEN
    for the account of somebody else, E-CARD-DAY for a day not after the present account's first. Whether an account may change
    while a loan is open is for the loan to say.
    """
    person = locked_person(person_id, *KEEPING_ROLES, Role.BANK_OFFICER, actor=actor)
    bank = Organisation.objects.get(pk=bank_id)
    if bank.kind != OrganisationKind.BANK or (actor.role in BANK_ROLES and bank.pk != actor.organisation_id):
        raise ZhubaoError("E-CARD-BANK", Text("不是可办理的银行", "not a bank this post acts for"), place=str(bank))
    digits = normalise(number)
    if not (digits.isascii() and digits.isdigit() and 10 <= len(digits) <= 24):
        raise ZhubaoError("E-CARD", Text("账号应为 10 到 24 位数字", "an account number has 10 to 24 digits"))
    digest = keys().digest(f"account:{digits}")
    if CardAccount.objects.filter(index=digest, ends_on=None).exclude(person=person).exists():
        problem = Text("这个账号登记在另一个人名下", "this account is registered to somebody else")
        raise ZhubaoError("E-CARD-TAKEN", problem, place=f"*{digits[-4:]}")
    current = CardAccount.objects.select_for_update().filter(person=person, bank=bank, ends_on=None).first()
    if current is not None:
        if bytes(current.index) == digest:
            return current
        if starts_on <= current.starts_on:
            problem = Text("应晚于现账户的启用日", "must be after the first day of the present account")
            raise ZhubaoError("E-CARD-DAY", problem, place=starts_on.isoformat())
        current.ends_on = date.fromordinal(starts_on.toordinal() - 1)
        current.save(update_fields=["ends_on"])
    [key] = row_keys(CardAccount, 1)
    account = CardAccount(pk=key, person=person, bank=bank, starts_on=starts_on, **account_columns(key, digits))
    account.save(force_insert=True)
    before = {"account": str(current)} if current else None
    after = {"account": str(account), "bank": bank.pk, "from": starts_on.isoformat()}
    _note("person.card_set", person, actor=actor, now=now, before=before, after=after)
    return account


@transaction.atomic
def open_citizen_account(user: User, person_id: int, *, actor: Actor, now: datetime) -> CitizenAccount:
    """Say which person a user is, after somebody checked it. The same pair again changes nothing; E-ACCOUNT-TAKEN for another pair."""
    person = locked_person(person_id, *KEEPING_ROLES, Role.AGENCY_ADMINISTRATOR, actor=actor)
    there = CitizenAccount.objects.filter(user=user).first() or CitizenAccount.objects.filter(person=person).first()
    if there is not None:
        if (there.user_id, there.person_id) == (user.pk, person.pk):
            return there
        raise ZhubaoError("E-ACCOUNT-TAKEN", Text("该账号或该人已绑定", "the account or the person is already linked"))
    account = CitizenAccount.objects.create(user=user, person=person, opened_at=now)
    _note("person.account_opened", person, actor=actor, now=now, after={"user": user.username})
    return account


@transaction.atomic
def look_at_number(person_id: int, reason: str, *, actor: Actor, now: datetime) -> str:
    """Return a citizen number in clear for somebody who may look the person up and says why; the look is on record.

    Raise DoesNotExist for a person the actor may not look up, E-REASON without a reason.
    """
    person = Person.objects.seen_by(actor).get(pk=person_id)
    _note("person.number_seen", person, actor=actor, now=now, reason=_said(reason))
    return open_number(person)


@transaction.atomic
def look_at_phone(phone_id: int, reason: str, *, actor: Actor, now: datetime) -> str:
    """Return a telephone number in clear; as `look_at_number`."""
    phone = Phone.objects.select_related("person").get(pk=phone_id, person__in=Person.objects.seen_by(actor))
    _note("person.phone_seen", phone.person, actor=actor, now=now, reason=_said(reason))
    return open_phone(phone)


@transaction.atomic
def number_for_print(person: Person, purpose: str, *, actor: Actor, now: datetime) -> str:
    """Return a citizen number for a form or a file that must carry it, in the actor's region; `purpose` names the form. On record."""
    actor.require_region(person.region_code)
    _note("person.number_printed", person, actor=actor, now=now, reason=_said(purpose))
    return open_number(person)


@transaction.atomic
def phone_for_print(phone: Phone, purpose: str, *, actor: Actor, now: datetime) -> str:
    """Return a telephone number for a form that must carry it; as `number_for_print`."""
    actor.require_region(phone.person.region_code)
    _note("person.phone_printed", phone.person, actor=actor, now=now, reason=_said(purpose))
    return open_phone(phone)


@transaction.atomic
def account_for_print(account: CardAccount, purpose: str, *, actor: Actor, now: datetime) -> str:
    """Return an account number for a form or a file that must carry it; as `number_for_print`."""
    actor.require_region(account.person.region_code)
    _note("person.account_printed", account.person, actor=actor, now=now, reason=_said(purpose))
    return open_account(account)


def _said(reason: str) -> str:
    said = reason.strip()
    if not 0 < len(said) <= 300:
        raise ZhubaoError("E-REASON", Text("请写明理由，不超过 300 字", "a reason is needed, at most 300 characters"))
    return said


def _note(action: str, person: Person, *, actor: Actor, now: datetime, **entry: Any) -> None:
    record(action, f"person:{person.pk}", actor=actor, now=now, region_code=person.region_code, **entry)
