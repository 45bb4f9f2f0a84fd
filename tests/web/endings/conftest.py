"""A loan of each programme with one draw of March 2021, as the pages of its end meet it; today is 18 June 2021."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD
from tests.loans.endings import NOW, lent
from tests.loans.lives import Life, PostOf
from zhubao.access.models import User
from zhubao.people.models import CitizenAccount
from zhubao.workflow import CITIZEN

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Office:
    """A loan, the desks around it, and the clock."""

    life: Life
    post_of: PostOf
    turn: Callable[[datetime], None]

    def desk(self, role: str, language: str = "") -> Client:
        """Return a client signed in at a post, or as the borrower."""
        client = Client()
        client.force_login(self._borrower() if role == CITIZEN else self.post_of(role).user, backend=BACKEND)
        if language:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    def _borrower(self) -> User:
        account = CitizenAccount.objects.filter(person_id=self.life.loan.person_id).first()
        if account is not None:
            return account.user
        user = User(username="wangfang", name="王芳")
        user.set_password(PASSWORD)
        user.save()
        CitizenAccount.objects.create(user=user, person_id=self.life.loan.person_id, opened_at=NOW)
        return user


@pytest.fixture
def office_of(db: None, post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Office]:
    """Return a function that opens the offices around a loan of a programme."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    def open_(policy_id: str, **more: Any) -> Office:
        life = lent(policy_id, post_of, **more)
        turn(NOW)
        return Office(life, post_of, turn)

    return open_
