"""A loan with two years drawn and subsidy paid, as the pages of fraud and dishonesty meet it; today is 3 June 2024."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD
from tests.loans.lives import Life, PostOf, at, life_of
from tests.web.cases.conftest import uploads_apart
from zhubao.access.models import User
from zhubao.access.roles import Role
from zhubao.lending.events import claim_paid
from zhubao.loans.states import JIANGXI
from zhubao.loans.stepping import add_event
from zhubao.people.models import CitizenAccount
from zhubao.workflow import CITIZEN

__all__ = ["uploads_apart"]
BACKEND = "django.contrib.auth.backends.ModelBackend"
FOUND, TOLD, UNTIL, AFTER = at(2024, 6, 3), at(2024, 6, 4), at(2024, 6, 7), at(2024, 6, 13)


@dataclass
class Office:
    """A loan, the desks around it, and the clock."""

    life: Life
    post_of: PostOf
    turn: Callable[[datetime], None]

    def desk(self, role: str, language: str = "") -> Client:
        """Return a client signed in at a post, or as the borrower."""
        client = Client()
        client.force_login(self.borrower() if role == CITIZEN else self.post_of(role).user, backend=BACKEND)
        if language:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    def borrower(self) -> User:
        """Return the account of the borrower."""
        account = CitizenAccount.objects.filter(person_id=self.life.loan.person_id).first()
        if account is not None:
            return account.user
        user = User(username="wangfang", name="王芳")
        user.set_password(PASSWORD)
        user.save()
        CitizenAccount.objects.create(user=user, person_id=self.life.loan.person_id, opened_at=FOUND)
        return user


def opened(life: Life, post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return the offices around a loan, on 3 June 2024."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    life.year(2022)
    life.year(2023)
    add_event(life.loan, "claim:1", claim_paid(date(2024, 1, 31), 50_000), actor=life.by(Role.FINANCE_CLERK), now=at(2024, 1, 31))
    turn(FOUND)
    return Office(life, post_of, turn)


@pytest.fixture
def office(db: None, post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return the offices around a Jiangxi loan."""
    return opened(life_of(JIANGXI, post_of), post_of, monkeypatch)
