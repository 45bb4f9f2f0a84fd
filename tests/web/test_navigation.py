"""What every page shows of the navigation: the entries of the post, each in the language of the page."""

import pytest
from django.utils.translation import override

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.web.navigation import entries_for, kinds_in, links_for


@pytest.mark.parametrize("role", [None, Role.AGENCY_REVIEWER, Role.TAX_CLERK, Role.AUDITOR])
def test_links_are_the_entries_of_the_role_in_the_language_asked_for(role: Role | None) -> None:
    actor = Actor(name="丁", scope="320682", role=role) if role else None
    for language in ("en", "zh-hans", "en"):
        with override(language):
            wanted = [(entry.address, str(entry.label)) for entry in entries_for(actor)]
        kinds = kinds_in("320682") if role else frozenset()
        assert list(links_for(role, language, kinds)) == wanted


def test_the_queue_in_two_languages() -> None:
    labels = [
        {link.address: link.label for link in links_for(Role.AGENCY_REVIEWER, language)}["/cases/"]
        for language in ("zh-hans", "en")
    ]
    assert labels == ["待办", "To do"]
    assert "/cases/" not in {link.address for link in links_for(None, "en")}


@pytest.mark.parametrize(
    ("scope", "shown", "left_out"),
    [
        pytest.param("320682", "/loans/", "/assistance/", id="如皋：只有贷款"),
        pytest.param("500243101", "/closing_out/", "/loans/", id="彭水乡镇：只有代缴"),
        pytest.param("360703", "/loans/", "", id="赣州：两样都有"),
        pytest.param("", "/assistance/", "", id="全部地区"),
    ],
)
def test_a_county_sees_what_its_documents_bring(scope: str, shown: str, left_out: str) -> None:
    role = Role.TOWNSHIP_CLERK if len(scope) > 6 else Role.AGENCY_REVIEWER
    addresses = {entry.address for entry in entries_for(Actor(name="丁", scope=scope, role=role))}
    assert shown in addresses
    assert left_out not in addresses
