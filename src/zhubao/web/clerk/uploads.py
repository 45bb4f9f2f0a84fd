"""Refusing an upload that is too large before a byte of it is read, and again while it comes in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

Answer = TypeVar("Answer", bound=HttpResponseBase)
# Boundaries and the other fields of the form come on top of the files.
OVERHEAD = 64 * 1024


class LimitedUploadHandler(FileUploadHandler):
    """Stops an upload once more bytes of files have come than `most_bytes`."""

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.most_bytes = most_bytes
        self.total = 0
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count a chunk and pass it on."""
        self.total += len(raw_data)
        if self.total > self.most_bytes:
            self.too_large = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handler that keeps it."""


def limited(
    refuse: Callable[[HttpRequest], HttpResponseBase],
    most_bytes: int | None = None,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a view that takes files; `refuse` answers when the request is larger than `most_bytes`, the upload limit
    without it.

    The token of the form stands in the body, so its check waits until the announced length was looked at.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if request.method != "POST":
                return protected(request, *arguments, **named)
            most = most_bytes or settings.UPLOAD_LIMIT_BYTES
            if announced_length(request) > most + OVERHEAD:
                return refuse(request)
            handler = LimitedUploadHandler(request, most)
            request.upload_handlers = [handler, TemporaryFileUploadHandler(request)]
            request.FILES  # noqa: B018 - reads the body through the handlers
            return refuse(request) if handler.too_large else protected(request, *arguments, **named)

        return guarded

    return decorate


def announced_length(request: HttpRequest) -> int:
    """Return the length the request announces, 0 when it announces none."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
