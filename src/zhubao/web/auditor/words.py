"""An entry of the audit log in words: its subject, and what it says of before and after."""

from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.models import Agreement, Application, BankOffer
from zhubao.people.models import InsuredRecord
from zhubao.web.navigation import Label
from zhubao.web.templatetags.zhubao import yuan

from .actions import state_said
from .subjects import FIELDS, SUBJECTS

VALUES: Final[dict[str, dict[str, Label]]] = {
    "role": {role.value: role.label for role in Role},
    "kind": {kind.value: kind.label for kind in OrganisationKind},
}
FAULTS: Final[dict[str, Label]] = {
    "missing": _("taken out"),
    "predecessor": _("does not follow the entry before it"),
    "changed": _("changed afterwards"),
}
LONGEST = 200


class Change(NamedTuple):
    """One field of an entry: its name in words, what it was, what it became; "" where there was nothing."""

    label: Label
    before: str
    after: str


def subject_said(subject: str) -> str:
    """Return a subject as ``账号 agency-reviewer``; one of an unknown kind as it is."""
    kind, colon, name = subject.partition(":")
    return f"{SUBJECTS[kind]} {name}" if colon and kind in SUBJECTS else subject


def changes(entry: AuditEntry) -> list[Change]:
    """Return what an entry says of before and after, one line for each field that is not empty on both sides."""
    before, after = flat(entry.before), flat(entry.after)
    return [
        Change(label_of(name), value_said(name, before.get(name), entry.action), value_said(name, after.get(name), entry.action))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) not in (None, "", []) or after.get(name) not in (None, "", [])
    ]


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Return a JSON value as one level of fields, ``outer.inner`` for what stands inside another."""
    if not isinstance(value, dict):
        return {} if value is None else {name or "value": value}
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found.update(flat(inner, f"{name}.{key}" if name else str(key)))
    return found


def label_of(name: str) -> str:
    """Return the name of a field in words, part by part."""
    return " ".join(str(FIELDS.get(part) or columns().get(part, part)) for part in name.split("."))


@cache
def columns() -> dict[str, Label]:
    """Return the columns whose changes entries keep as they are (application, terms, insurance record), named as in their models."""
    kept: tuple[type[Model], ...] = (Application, Agreement, BankOffer, InsuredRecord)
    fields = [field for model in kept for field in model._meta.fields]
    return {field.name: field.verbose_name for field in fields if isinstance(field.verbose_name, Promise)}


def value_said(name: str, value: Any, action: str = "") -> str:
    """Return a value as it is read: amounts in yuan, states of the action's tables, roles and kinds in words, long text shortened."""
    last = name.rpartition(".")[2]
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if last == "state" and isinstance(value, str):
        return state_said(action, value)
    if last.endswith("fen") and isinstance(value, int):
        return yuan(value)
    if isinstance(value, list):
        return shortened(", ".join(str(each) for each in value))
    return shortened(str(VALUES.get(last, {}).get(value, value)))


def shortened(text: str) -> str:
    """Return a text of at most `LONGEST` signs."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
