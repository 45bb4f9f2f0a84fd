"""Trying what may be refused: the refusal becomes words on the page, at the form or above the page one comes back to.

What is outside somebody's post (OutOfScope) is not kept here: it becomes the page that says so, with its entry in the audit log.
"""

from collections.abc import Callable
from types import TracebackType

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from zhubao.access.actors import OutOfScope
from zhubao.errors import ZhubaoError

from .clerk.words import explained


class Attempt:
    """What is tried in the block of a `with`: a refusal ends the block, is told, and the course goes on after it."""

    def __init__(self, tell: Callable[[ZhubaoError], None] | None = None) -> None:
        self.refusal: ZhubaoError | None = None
        self._tell = tell

    def __enter__(self) -> "Attempt":
        return self

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> bool:
        if not isinstance(error, ZhubaoError) or isinstance(error, OutOfScope):
            return False
        self.refusal = error
        if self._tell is not None:
            self._tell(error)
        return True

    @property
    def overtaken(self) -> bool:
        """Whether the step did not fit any more where the record stands now: somebody was faster."""
        return self.refusal is not None and self.refusal.code == "E-STATE"

    @property
    def fault(self) -> str:
        """What was refused and what to do, in the page's language; "" where nothing was."""
        return explained(self.refusal) if self.refusal is not None else ""


def told_at(form: forms.BaseForm, field: str | Callable[[ZhubaoError], str | None] | None = None) -> Attempt:
    """Return an attempt whose refusal stands in the form: at `field` or the one it names for a refusal, else above all fields."""

    def tell(error: ZhubaoError) -> None:
        name = field(error) if callable(field) else field
        form.add_error(name if name in form.fields else None, explained(error))

    return Attempt(tell)


def told_above(request: HttpRequest) -> Attempt:
    """Return an attempt whose refusal stands above the next page."""
    return Attempt(lambda error: messages.error(request, explained(error)))
