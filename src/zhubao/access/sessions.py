"""Sessions in the database, as Django keeps them; the one of a request is read by a statement composed once."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from .composed import Composed, Given

_STANDING = Composed(lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")))


class SessionStore(DatabaseSessions):
    """What `settings.SESSION_ENGINE` names: a session by its key, none once it has expired (by the real time)."""

    def _get_session_from_db(self) -> Session | None:
        found = _STANDING.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
