"""An entry of the audit log in words: its subject, and what it says of before and after."""

from functools import cache
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.models import Agreement, Application, BankOffer
from zhubao.cases.models.case import Channel
from zhubao.language import Text
from zhubao.people.models import InsuredRecord
from zhubao.policies import MODULES, judge_of
from zhubao.screening.reasons import DEPARTMENTS
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label
from zhubao.web.templatetags.zhubao import yuan

from .actions import state_said
from .subjects import FIELDS, SUBJECTS

VALUES: Final[dict[str, dict[str, Label]]] = {
    "role": {role.value: role.label for role in Role},
    "kind": {kind.value: kind.label for kind in OrganisationKind},
}
# Where two tables use one code differently: by what the action is about.
OWN_WORDS: Final[dict[tuple[str, str], dict[str, Label]]] = {("case", "channel"): dict(Channel.choices)}
POLICY_FIELDS: Final = ("policy", "policy_id", "policies")
CATEGORY_FIELDS: Final = ("category", "categories", "assumed_category", "other_category")
DEPARTMENT_FIELDS: Final = ("certifier", "payer", "department")
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


@cache
def choices() -> dict[str, dict[str, Label | Text]]:
    """Return the words of coded values by the name of the field: what the columns of that name may hold, documents, categories, offices.

    A code that two tables read differently has no word here: it is left as it is.
    """
    found: dict[str, dict[str, Label | Text]] = {}
    doubtful: set[tuple[str, str]] = set()
    with override("en"):
        fields = [field for model in apps.get_models() for field in model._meta.fields if model.__module__.startswith("zhubao.")]
        for field in fields:
            for value, label in field.flatchoices:
                known = found.setdefault(field.name, {}).setdefault(str(value), label)
                if str(known) != str(label):
                    doubtful.add((field.name, str(value)))
    for name, value in doubtful:
        del found[name][value]
    policies = {policy_id: judge_of(policy_id).policy.title for policy_id in MODULES}
    for names, words in ((POLICY_FIELDS, policies), (CATEGORY_FIELDS, category_labels()), (DEPARTMENT_FIELDS, DEPARTMENTS)):
        for name in names:
            found[name] = {**found.get(name, {}), **words}
    for name, labels in VALUES.items():
        found[name] = {**found.get(name, {}), **labels}
    return found


def category_labels() -> dict[str, Text]:
    """Return the categories of all documents as the first that knows them calls them."""
    labels: dict[str, Text] = {}
    for policy_id in MODULES:
        for code, identity in judge_of(policy_id).policy.identities.items():
            labels.setdefault(code, identity.label)
    return labels


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
        return shortened(", ".join(coded_said(last, each, action) for each in value))
    return shortened(coded_said(last, value, action))


def coded_said(name: str, value: Any, action: str = "") -> str:
    """Return one value in words where its field has them, else as it is."""
    if not isinstance(value, str):
        return str(value)
    own = OWN_WORDS.get((action.partition(".")[0], name), {})
    words = own.get(value) or choices().get(name, {}).get(value, value)
    return said(words) if isinstance(words, Text) else str(words)


def shortened(text: str) -> str:
    """Return a text of at most `LONGEST` signs."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
