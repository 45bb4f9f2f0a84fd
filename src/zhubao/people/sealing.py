"""How a number becomes the columns of a row: sealed for its place, findable, masked. Row keys are taken before the rows are written."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, models

from zhubao.errors import ZhubaoError
from zhubao.identity import CitizenNumber, mask_account, mask_number, mask_phone, normalise, read_number

from .keys import Keys, keys
from .models import CardAccount, HouseholdMember, Person, Phone


def row_keys(model: type[models.Model], count: int) -> list[int]:
    """Take `count` primary keys of a table, so that values can be sealed for rows not yet written."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [key for (key,) in cursor.fetchall()]


def context_of(model: type[models.Model], column: str, key: int) -> str:
    """Return the words that bind a sealed value to its place: table, column and row."""
    return f"{model._meta.db_table}.{column}.{key}"


def citizen_number(text: str, today: date) -> CitizenNumber:
    """Return the number read from `text`; raise E-ID-… with the reason when it can be none."""
    found = read_number(text, today)
    if isinstance(found, CitizenNumber):
        return found
    raise ZhubaoError(found.code, found.problem, place=mask_number(normalise(text)[:18]), remedy=found.remedy)


def number_columns(
    model: type[Person] | type[HouseholdMember], key: int, number: str, held: Keys | None = None
) -> dict[str, bytes | str]:
    """Return the columns of a citizen number for row `key`; `held` are the keys, read when not given."""
    held = held or keys()
    return {
        "id_number_sealed": held.seal(number, context_of(model, "id_number_sealed", key)),
        "id_number_index": held.digest(number),
        "id_number_masked": mask_number(number),
    }


def person_rows(rows: Iterable[Person], numbers: Iterable[str]) -> list[Person]:
    """Give unsaved persons their keys and sealed numbers, in order; for one person and for a hundred thousand."""
    listed, held = list(rows), keys()
    for person, number, key in zip(listed, numbers, row_keys(Person, len(listed)), strict=True):
        person.pk = key
        for column, value in number_columns(Person, key, number, held).items():
            setattr(person, column, value)
    return listed


def open_number(person: Person) -> str:
    """Return a person's citizen number in clear; every caller must leave an audit entry."""
    return keys().open(person.id_number_sealed, context_of(Person, "id_number_sealed", person.pk))


def open_phone(phone: Phone) -> str:
    """Return a telephone number in clear; every caller must leave an audit entry."""
    return keys().open(phone.sealed, context_of(Phone, "sealed", phone.pk))


def open_account(account: CardAccount) -> str:
    """Return an account number in clear; every caller must leave an audit entry."""
    return keys().open(account.sealed, context_of(CardAccount, "sealed", account.pk))


def phone_columns(key: int, number: str) -> dict[str, bytes | str]:
    """Return the columns of a telephone number for row `key`."""
    held = keys()
    return {
        "sealed": held.seal(number, context_of(Phone, "sealed", key)),
        "index": held.digest(f"phone:{number}"),
        "masked": mask_phone(number),
    }


def account_columns(key: int, number: str) -> dict[str, bytes | str]:
    """Return the columns of a bank account number for row `key`."""
    held = keys()
    return {
        "sealed": held.seal(number, context_of(CardAccount, "sealed", key)),
        "index": held.digest(f"account:{number}"),
        "last_four": mask_account(number)[-4:],
    }
