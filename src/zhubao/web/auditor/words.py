"""Words for what the audit log keeps: actions, subjects, names of fields, values."""

from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.web.navigation import Label
from zhubao.web.templatetags.zhubao import yuan

ACTIONS: Final[dict[str, Label]] = {
    "access.refused": _("refused: outside the post's scope"),
    "audit.exported": _("audit log exported"),
    "figure.entered": _("figure entered"),
    "figure.withdrawn": _("figure withdrawn"),
    "organisation.added": _("organisation added"),
    "person.unmasked": _("name and number shown in full"),
    "post.closed": _("post closed"),
    "post.opened": _("post opened"),
    "region.added": _("region added"),
    "regions.imported": _("regions imported"),
    "roster.kind_said": _("roster: kind said"),
    "roster.read": _("roster read"),
    "roster.received": _("roster handed in"),
    "roster.refused": _("roster cannot be read"),
    "screening.asked": _("screening asked for"),
    "screening.done": _("screening done"),
    "screening.downloaded": _("results downloaded"),
    "screening.failed": _("screening failed"),
    "session.opened": _("signed in"),
    "user.added": _("person added"),
    "user.deactivated": _("account closed"),
    "user.password_changed": _("own password changed"),
    "user.password_set": _("new password given"),
    "user.reactivated": _("account opened again"),
}
SUBJECTS: Final[dict[str, Label]] = {
    "figure": _("figure"),
    "organisation": _("organisation"),
    "page": _("page"),
    "post": _("post"),
    "region": _("region"),
    "roster": _("roster"),
    "screening": _("screening"),
    "user": _("account"),
}
FIELDS: Final[dict[str, Label]] = {
    "action": pgettext_lazy("field", "action"),
    "added": pgettext_lazy("field", "added"),
    "area_code": pgettext_lazy("field", "area"),
    "code": pgettext_lazy("field", "code"),
    "codes": pgettext_lazy("field", "codes"),
    "decided_by": pgettext_lazy("field", "decided by"),
    "entries": pgettext_lazy("field", "entries"),
    "file": pgettext_lazy("field", "file"),
    "first": pgettext_lazy("field", "first day"),
    "from": pgettext_lazy("field", "from"),
    "insured": pgettext_lazy("field", "insured persons"),
    "kind": pgettext_lazy("field", "kind"),
    "last": pgettext_lazy("field", "last day"),
    "name": pgettext_lazy("field", "name"),
    "names": pgettext_lazy("field", "names"),
    "organisation": pgettext_lazy("field", "organisation"),
    "person": pgettext_lazy("field", "person"),
    "posts_closed": pgettext_lazy("field", "posts closed"),
    "region": pgettext_lazy("field", "region"),
    "rejected": pgettext_lazy("field", "rejected"),
    "role": pgettext_lazy("field", "role"),
    "rows": pgettext_lazy("field", "rows"),
    "scope": pgettext_lazy("field", "region covered"),
    "sha256": pgettext_lazy("field", "SHA-256 of the content"),
    "size": pgettext_lazy("field", "bytes"),
    "source": pgettext_lazy("field", "source"),
    "subject": pgettext_lazy("field", "subject"),
    "to": pgettext_lazy("field", "to"),
    "user": pgettext_lazy("field", "user name"),
    "value": pgettext_lazy("field", "value"),
}
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


def action_said(action: str) -> Label:
    """Return an action in words; one without words by its code."""
    return ACTIONS.get(action, action)


def subject_said(subject: str) -> str:
    """Return a subject as ``账号 agency-reviewer``; one of an unknown kind as it is."""
    kind, colon, name = subject.partition(":")
    return f"{SUBJECTS[kind]} {name}" if colon and kind in SUBJECTS else subject


def changes(entry: AuditEntry) -> list[Change]:
    """Return what an entry says of before and after, one line for each field that is not empty on both sides."""
    before, after = flat(entry.before), flat(entry.after)
    return [
        Change(label_of(name), value_said(name, before.get(name)), value_said(name, after.get(name)))
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
    return " ".join(str(FIELDS.get(part, part)) for part in name.split("."))


def value_said(name: str, value: Any) -> str:
    """Return a value as it is read: amounts in yuan, codes of roles and kinds in words, long text shortened."""
    last = name.rpartition(".")[2]
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if last.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if isinstance(value, list):
        return shortened(", ".join(str(each) for each in value))
    return shortened(str(VALUES.get(last, {}).get(value, value)))


def shortened(text: str) -> str:
    """Return a text of at most `LONGEST` signs."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
