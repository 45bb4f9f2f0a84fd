"""The only writers of services asked for."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN

from ..courses import begin, locked, require_hands, take
from .models import Proof, Service, ServiceRequest
from .selectors import unfit


@implements("ps-3.2e", as_="action")
@transaction.atomic
def ask(person: Person, service: str, *, key: str, actor: Actor, now: datetime) -> ServiceRequest:
    """Ask for a service: the person online, or an office for somebody at its counter; one that is open is returned as it is.

    Raise OutOfScope, E-SERVICE for none of the services, E-SERVICE-UNFIT where it does not fit the person's record.
    """
    if service not in Service.values:
        raise ZhubaoError("E-SERVICE", Text("没有这项服务", "there is no such service"), place=service)
    person = Person.objects.select_for_update().get(pk=person.pk)
    request = ServiceRequest(
        region_code=person.region_code,
        person=person,
        service=service,
        online=actor.role == CITIZEN,
        asked_on=localdate(now),
    )
    require_hands(request, request.PROCESS.transition("ask"), actor)
    there = ServiceRequest.objects.filter(person=person, service=service, state="open").first()
    if there is not None:
        return there
    if why := unfit(person, service):
        raise ZhubaoError("E-SERVICE-UNFIT", why, place=f"person:{person.pk}")
    return begin(request, "ask", key=key, actor=actor, now=now, after={"service": service, "online": request.online})


@implements("ps-3.2e", as_="action")
@transaction.atomic
def settle(
    request_id: int, outcome: str, words: str, *, proof: str = "", key: str = "", actor: Actor, now: datetime
) -> ServiceRequest:
    """Record what came of it, "done" or "refused"; E-OUTCOME for another word, or an identity proven without saying how."""
    request = locked(ServiceRequest, request_id)
    unproven = request.service == Service.AUTHENTICATE and outcome == "done" and proof not in Proof.values
    if outcome not in ("done", "refused") or unproven:
        raise ZhubaoError(
            "E-OUTCOME",
            Text("请选择认证方式", "say how the identity was proven") if unproven else Text("请选择结果", "choose an outcome"),
            place=request.subject,
        )
    values = {"proof": proof if request.service == Service.AUTHENTICATE and outcome == "done" else ""}
    return take(ServiceRequest, request_id, "settle", to=outcome, reason=words, key=key, values=values, actor=actor, now=now)


@transaction.atomic
def withdraw(request_id: int, *, key: str = "", actor: Actor, now: datetime) -> ServiceRequest:
    """Take one's own request back."""
    return take(ServiceRequest, request_id, "withdraw", key=key, actor=actor, now=now)
