"""The clock of a demonstration may stand before the real time, never behind; that of a real county cannot be moved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from zhubao.access import clock
from zhubao.access.actions import set_up_installation
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Installation
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError

REAL = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
ADMINISTRATOR = Actor("何立新", "320682", role=Role.AGENCY_ADMINISTRATOR)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: REAL)


def test_before_the_installation_is_set_up_it_is_the_real_time() -> None:
    assert (clock.now(), str(clock.today())) == (REAL, "2026-12-01")


def test_a_demonstration_goes_on_from_where_it_was_put() -> None:
    set_up_installation(demonstration=True, now=REAL)
    clock.put_forward(NEW_YEAR, actor=ADMINISTRATOR)
    assert (clock.now(), str(clock.today())) == (NEW_YEAR, "2027-01-01")
    entry = AuditEntry.objects.get(action="clock.put_forward")
    assert (entry.at, entry.actor_name) == (NEW_YEAR, "何立新")


def test_it_never_goes_back() -> None:
    set_up_installation(demonstration=True, now=REAL)
    clock.put_forward(NEW_YEAR, actor=ADMINISTRATOR)
    clock.put_forward(REAL, actor=ADMINISTRATOR)
    assert clock.now() == NEW_YEAR
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.update(ahead=timedelta(days=-1))


def test_of_a_real_county_it_cannot_be_moved() -> None:
    set_up_installation(demonstration=False, now=REAL)
    with pytest.raises(ZhubaoError) as refused:
        clock.put_forward(NEW_YEAR, actor=ADMINISTRATOR)
    assert refused.value.code == "E-REAL-DATA"
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.update(ahead=timedelta(days=1))
    assert clock.now() == REAL


def test_another_post_is_not_asked() -> None:
    set_up_installation(demonstration=True, now=REAL)
    with pytest.raises(OutOfScope):
        clock.put_forward(NEW_YEAR, actor=Actor("程文静", "320682", role=Role.AGENCY_INTAKE, user_id=1))
    assert (clock.now(), AuditEntry.objects.count()) == (REAL, 0)


def test_within_a_request_it_is_read_once(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    set_up_installation(demonstration=True, now=REAL)
    with clock.reading_once(), django_assert_num_queries(1):
        assert [clock.now(), clock.now()] == [REAL, REAL]
