"""A loan being repaid, as the pages of the deductions meet it: July 2022 ordered, the bank told on 1 August."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.loans.lives import Life, PostOf, at
from tests.procedures import deductions as bank
from tests.procedures.retirements import JULY, close, retiring
from tests.web.cases.conftest import uploads_apart
from zhubao.access.roles import Role
from zhubao.loans.states import RUGAO

__all__ = ["uploads_apart"]


@dataclass
class Office:
    """A loan, the desks around it, and the clock."""

    life: Life
    post_of: PostOf
    turn: Callable[[datetime], None]

    def desk(self, role: str, language: str = "") -> Client:
        """Return a client signed in at a post."""
        client = Client()
        client.force_login(self.post_of(role).user, backend="django.contrib.auth.backends.ModelBackend")
        if language:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    def desks_on(self, moment: datetime) -> tuple[Client, Client]:
        """Turn the clock and return the accountant's and the bank officer's desk, signed in on that day."""
        self.turn(moment)
        return self.desk(Role.AGENCY_ACCOUNTANT), self.desk(Role.BANK_OFFICER)


@pytest.fixture
def office(db: None, post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a Rugao loan whose July is closed and whose pension is not credited yet; today is 1 August 2022."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    life = retiring(RUGAO, post_of)
    close(JULY)
    turn(at(2022, 8, 1))
    return Office(life, post_of, turn)


def credited_content(life: Life, batch: str = "C1") -> bytes:
    """Return the bank's file of July's pension."""
    return bank.credit_content(life, [bank.credited(life, JULY, 180_000, date(2022, 7, 15))], batch)
