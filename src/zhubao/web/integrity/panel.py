"""What the page of an application says of a matter about the applicant: that there is a notice, and where to answer it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from zhubao.cases.models import Case
from zhubao.web.citizen.panels import PANELS, Panel
from zhubao.web.middleware import CitizenRequest

from .finding import MATTERS
from .words import kind_said, state_said, state_tone


def integrity_panel(request: CitizenRequest, case: Case) -> Panel | None:
    """Return the matters about the loans of a case of which the person was told; None without one."""
    today = timezone.localdate(request.now)
    rows: list[dict[str, Any]] = [
        {
            "kind": kind_said(each),
            "state": state_said(each),
            "tone": state_tone(each),
            "until": each.statement_until if each.state == "notified" and each.statement_until >= today else None,
            "address": reverse("integrity:own", args=[name, each.number]),
        }
        for name, matter in MATTERS.items()
        for each in matter.seen_by(request.actor).filter(loan__case_number=case.number)
    ]
    return Panel("integrity/panel.html", {"rows": rows}) if rows else None


PANELS.append(integrity_panel)
