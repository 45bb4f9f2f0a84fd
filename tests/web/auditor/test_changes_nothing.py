"""An auditor reads and changes nothing: every address of every actor's folder is sent a form."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.tables import tables, writes
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import Role

FOLDERS = [each for each in get_resolver().url_patterns if isinstance(each, URLResolver) and each.app_name]
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Yield every address below a resolver, its parameters filled in."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each, before + filled(each))
        elif isinstance(each, URLPattern):
            yield before + filled(each)


def filled(pattern: URLPattern | URLResolver) -> str:
    """Return the text of a pattern with a sample in place of each parameter."""
    text = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        sample = SAMPLES.get(kind, "1")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            text = text.replace(written, sample)
    return text


ALL = sorted({address for folder in FOLDERS for address in addresses(folder, f"/{folder.pattern}")})


def test_the_table_holds_the_pages_that_write() -> None:
    assert "/administration/people/1/posts/" in ALL
    assert "/clerk/rosters/upload/" in ALL
    assert not any("<" in address for address in ALL)


def test_a_form_sent_anywhere_changes_nothing(signed_in: Callable[[str], Client], post_of: Callable[[str], Post]) -> None:
    client = signed_in(Role.AUDITOR)
    user = post_of(Role.AUDITOR).user
    before, written = tables("access.AuditEntry"), writes()
    for address in ALL:
        number = AuditEntry.objects.count()
        response = client.post(address, {"post": "1:auditor", "reason": "x", "name": "x", "username": "x", "region": "320682"})
        assert response.status_code in {200, 302, 403, 404, 405, 422}, address
        if any(written.get(name) != rows for name, rows in writes().items() if name != AuditEntry._meta.db_table):
            assert tables("access.AuditEntry") == before, address
            written = writes()
        new = list(AuditEntry.objects.order_by("pk")[number:])
        assert {entry.action for entry in new} <= {"access.refused"}, address
        assert {entry.user_id for entry in new} <= {user.pk}, address
    assert tables("access.AuditEntry") == before


@pytest.mark.parametrize("address", [address for address in ALL if address.startswith(("/administration/", "/auditor/"))])
def test_here_the_form_is_refused(signed_in: Callable[[str], Client], address: str) -> None:
    assert signed_in(Role.AUDITOR).post(address, {"reason": "x"}).status_code in {403, 405}
