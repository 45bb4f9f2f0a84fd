"""What screens and higher apps read of people. Numbers stay sealed here: `actions` opens one and leaves an entry in the audit log."""

from datetime import date, datetime

from django.db.models import Q

from zhubao.access.actors import Actor
from zhubao.access.composed import Composed, Given
from zhubao.access.models import User
from zhubao.identity import CitizenNumber, normalise, read_number

from .keys import keys
from .models import (
    CardAccount,
    CitizenAccount,
    Household,
    HouseholdMember,
    Identity,
    InsuredRecord,
    Person,
    PersonQuerySet,
    Phone,
)

SHOWN = 50
# Several records of one person: the employee scheme excludes, so it speaks first.
SCHEMES_IN_ORDER = ("employee_pension", "institution_pension", "resident_pension", "none")
_PRESENT_RECORDS = Composed(lambda: InsuredRecord.objects.filter(person_id=Given("person"), superseded_at=None).order_by("pk"))
_ACCOUNT = Composed(lambda: CitizenAccount.objects.filter(user_id=Given("user")))


def find(id_number: str) -> Person | None:
    """Return the person with a citizen number, however it is written, or None; nothing is decrypted.

    For actions and imports: a screen asks `search`, which looks only where its post may.
    """
    found = read_number(id_number, date.max)
    number = found.text if isinstance(found, CitizenNumber) else normalise(id_number)
    digest = keys().digest(number)
    there = Person.objects.filter(id_number_index=digest).first()
    return there or Person.objects.filter(former_numbers__index=digest).first()


def people_for(actor: Actor) -> PersonQuerySet:
    """Return the persons an actor may look up."""
    return Person.objects.seen_by(actor)


def person_for(actor: Actor, person_id: int) -> Person:
    """Return one person; raise DoesNotExist for one the actor may not look up, as if there were none."""
    return Person.objects.seen_by(actor).get(pk=person_id)


def search(actor: Actor, text: str) -> PersonQuerySet:
    """Return whom a clerk means: by the whole citizen number, the telephone number, or the beginning of the name; "" finds nobody."""
    words = normalise(text) if any(sign.isdigit() for sign in text) else text.strip()
    if not words:
        return Person.objects.none()
    people = Person.objects.seen_by(actor)
    found = read_number(words, date.max)
    if isinstance(found, CitizenNumber):
        digest = keys().digest(found.text)
        return people.filter(id_number_index=digest) or people.filter(former_numbers__index=digest)
    if words.isdigit():
        holders = Phone.objects.filter(index=keys().digest(f"phone:{words}"), ends_at=None)
        return people.filter(pk__in=holders.values("person_id"))
    return people.filter(name__startswith=words)


def insured_records(person: Person) -> list[InsuredRecord]:
    """Return a person's present insured records, the one that speaks first at the front."""
    return sorted(_PRESENT_RECORDS.rows(person=person.pk), key=lambda record: SCHEMES_IN_ORDER.index(record.scheme))


def insured_record(person: Person, scheme: str = "") -> InsuredRecord | None:
    """Return the present record in a scheme, or without one the record that speaks first; None where there is none."""
    return next((record for record in insured_records(person) if scheme in {"", record.scheme}), None)


def identities_of(person: Person) -> list[Identity]:
    """Return a person's standing identities, past ones included, the newest first."""
    return list(Identity.objects.standing().filter(person=person).order_by("-starts_on", "-pk"))


def card_account(person: Person, bank_id: int) -> CardAccount | None:
    """Return the card account a person has at a bank now."""
    return CardAccount.objects.filter(person=person, bank_id=bank_id, ends_on=None).first()


def account_of(user: User) -> CitizenAccount | None:
    """Return the account in which somebody signed in is a citizen; None for most of the staff, who are asked at every request."""
    return _ACCOUNT.first(user=user.pk)


def phone_of(person: Person) -> Phone | None:
    """Return the person's present telephone number, masked in `masked`."""
    return Phone.objects.filter(person=person, ends_at=None).first()


def phone_at(person: Person, moment: datetime) -> Phone | None:
    """Return the telephone number that was the person's at a moment, masked in `masked`."""
    standing = Q(ends_at=None) | Q(ends_at__gt=moment)
    return Phone.objects.filter(standing, person=person, starts_at__lte=moment).order_by("-starts_at", "-pk").first()


def phone_history(person: Person) -> list[Phone]:
    """Return every telephone number a person had, the newest first."""
    return list(Phone.objects.filter(person=person).order_by("-starts_at", "-pk"))


def household_of(person: Person) -> Household | None:
    """Return the household a person is a member of, or None."""
    membership = HouseholdMember.objects.filter(person=person, left_at=None).select_related("household").first()
    return membership.household if membership else None


def members_of(household: Household) -> list[HouseholdMember]:
    """Return the present members of a household in the order they were entered."""
    return list(household.members.filter(left_at=None).order_by("pk"))
