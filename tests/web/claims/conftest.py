"""Two Rugao loans whose year 2021 is over, as the pages of the subsidy claims meet them; today is 10 January 2022."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.loans.lives import Life, PostOf
from tests.procedures.claims import HANDED_IN, borrowers
from tests.web.cases.conftest import uploads_apart
from zhubao.access.models import Post, User
from zhubao.access.roles import Role
from zhubao.loans.states import RUGAO

__all__ = ["uploads_apart"]


@dataclass
class Office:
    """The loans, the desks around them, and the clock."""

    lives: list[Life]
    post_of: PostOf
    turn: Callable[[datetime], None]

    def desk(self, role: str, language: str = "") -> Client:
        """Return a client signed in at a post."""
        return self._client(self.post_of(role).user, language)

    def second_at_finance(self) -> Client:
        """Return a client of another person at the finance bureau."""
        post = self.post_of(Role.FINANCE_CLERK)
        user = User.objects.create(username="finance-second", name="第二人", password="!", region_id=post.scope_id)
        Post.objects.create(
            user=user, organisation=post.organisation, role=Role.FINANCE_CLERK, scope_id=post.scope_id, opened_at=post.opened_at
        )
        return self._client(user, "")

    def _client(self, user: User, language: str) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if language:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client


@pytest.fixture
def office(db: None, post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return the office."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    lives = borrowers(post_of, 2, RUGAO)
    turn(HANDED_IN)
    return Office(lives, post_of, turn)
