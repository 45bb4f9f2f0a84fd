"""The rows of a clause sheet."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from zhubao.policies.claims import implements
from zhubao.policies.register import Basis, bases
from zhubao.rules.policy import Policy
from zhubao.web.clerk.words import LACKING

from .zhubao import tag

register = template.Library()


@register.filter
@implements("ps-0.2", as_="feature")
def bases_of(policy_id: str) -> tuple[Basis, ...]:
    """Return the earlier documents a policy document rests on."""
    return bases(policy_id)


@register.filter
def clause_rows(clauses: Iterable[Mapping[str, Any]], policy: Policy) -> SafeString:
    """Write what `clause_sheet` says of each clause. Not in the template, which took longer over them than the rest of a case's page."""
    return mark_safe("".join(_row(clause, policy.id) for clause in clauses))


def _row(clause: Mapping[str, Any], policy_id: str) -> str:
    name, anchor = escape(clause["id"]), escape(clause["anchor"])
    own_name = f"<small>{name}</small>" if name == anchor else ""
    remarks = [f"<small>{escape(words)}</small>" for words in (clause["source"], clause["remark"]) if words]
    remarks += [f'<small class="lack">{_lacking(label, remedy)}</small>' for label, remedy in clause["missing"]]
    return (
        f'<div class="law{" alternative" if clause["alternative"] else ""}" id="{name}">\n'
        f'<span class="article"><a class="article" href="/policies/{policy_id}/#{anchor}">{escape(clause["article"])}</a>{own_name}</span>\n'
        f"<div><p>{escape(clause['label'])}</p>{''.join(remarks)}</div>\n"
        f'<span class="value">{escape(clause["value"] or "—")}</span>'
        f'<span class="verdict">{tag(clause["words"], clause["tone"])}</span></div>'
    )


def _lacking(label: str, remedy: str) -> str:
    return str(LACKING) % {"label": escape(label), "remedy": escape(remedy)}
