"""A citizen number is corrected: the person keeps everything, and lists that still carry the old number find the same person."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .actions import KEEPING_ROLES, locked_person
from .keys import keys
from .models import FormerNumber, Person
from .sealing import citizen_number, number_columns


@transaction.atomic
def correct_number(person_id: int, number: str, paper: str, *, corrected_on: date, actor: Actor, now: datetime) -> Person:
    """Give a person the corrected citizen number that `paper` shows; the old one goes on meaning this person.

    Birth and sex follow the new number. The same number again changes nothing. Raise E-ID-… for a number that is none, E-PAPER without
    a paper, E-NUMBER-DAY for a day to come, E-NUMBER-TAKEN for a number somebody else has or had.
    """
    person = locked_person(person_id, *KEEPING_ROLES, actor=actor)
    read = citizen_number(number, localdate(now))
    if not 0 < len(paper.strip()) <= 200:
        raise ZhubaoError(
            "E-PAPER",
            Text("要写明更正所依据的证明和文号", "name the paper the correction rests on, with its number"),
            remedy=Text("如公安机关变更证明及编号", "for example the police certificate of the change and its number"),
        )
    if corrected_on > localdate(now):
        raise ZhubaoError(
            "E-NUMBER-DAY", Text("更正日期不能晚于今天", "a correction cannot be of a day to come"), place=str(corrected_on)
        )
    digest = keys().digest(read.text)
    if bytes(person.id_number_index) == digest:
        return person
    if (
        Person.objects.filter(id_number_index=digest).exists()
        or FormerNumber.objects.filter(index=digest).exclude(person=person).exists()
    ):
        raise ZhubaoError(
            "E-NUMBER-TAKEN",
            Text("这个号码登记在另一个人名下", "this number is registered to somebody else"),
            place=number_columns(Person, person.pk, read.text)["id_number_masked"],  # type: ignore[arg-type]
            remedy=Text("核对证明；两人的登记须先查清", "check the paper; which of the two it is must be cleared up first"),
        )
    FormerNumber.objects.filter(index=digest, person=person).delete()
    FormerNumber.objects.create(
        person=person,
        index=bytes(person.id_number_index),
        masked=person.id_number_masked,
        paper=paper.strip(),
        corrected_on=corrected_on,
        recorded_at=now,
    )
    before = {"number": person.id_number_masked}
    for column, value in number_columns(Person, person.pk, read.text).items():
        setattr(person, column, value)
    person.born, person.sex = read.birth, read.sex
    person.save(update_fields=["id_number_sealed", "id_number_index", "id_number_masked", "born", "sex"])
    record(
        "person.number_corrected",
        f"person:{person.pk}",
        actor=actor,
        now=now,
        region_code=person.region_code,
        before=before,
        after={"number": person.id_number_masked, "corrected_on": corrected_on.isoformat()},
        reason=paper.strip(),
    )
    return person
