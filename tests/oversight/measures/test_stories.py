"""Stories told in public: never without consent to these very words, never so that somebody is recognised."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.oversight.measures.counties import COUNTY, SYSTEM, a_county, at, post_at, taken_up
from tests.people.tables import number
from zhubao.access.actors import OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.oversight.measures.models import Measure
from zhubao.oversight.stories.actions import publish_story, record_consent, reword_story, withdraw_story, write_story
from zhubao.oversight.stories.models import CaseStory
from zhubao.people.actions import register_person

pytestmark = pytest.mark.django_db
NOW, SIGNED = at(2022, 4, 12), date(2022, 4, 11)
SHEN = number("19560903", 17, COUNTY)
TITLE, WORDS = "每年 200 元，换来每月养老金", "沈大爷家是低保户，2021 年起由政府代缴，去年 9 月满 60 周岁，每月领 163.00 元。"


@pytest.fixture
def measures() -> dict[str, Measure]:
    a_county()
    person = register_person(SHEN, "沈志远", region_code=f"{COUNTY}102201", address="新堂村3组12号", actor=SYSTEM, now=NOW)
    assert person.masked_name == "沈**"
    return taken_up()


def fault(action: Callable[[], Any]) -> str:
    with pytest.raises(ZhubaoError) as refused:
        action()
    return refused.value.code


def written(measures: dict[str, Measure], title: str = TITLE, words: str = WORDS) -> CaseStory:
    bureau = post_at(OrganisationKind.HRSS)
    return write_story(measures["gz-13"].pk, SHEN, title, words, actor=bureau, now=NOW)


@pytest.mark.clauses("gz-13b")
def test_only_with_consent(measures: dict[str, Measure]) -> None:
    bureau, story = post_at(OrganisationKind.HRSS), written(measures)
    assert fault(lambda: publish_story(story.pk, actor=bureau, now=NOW)) == "E-STORY-CONSENT"
    for on, paper in ((SIGNED, " "), (date(2022, 4, 13), "同意书")):
        refused = fault(lambda on=on, paper=paper: record_consent(story.pk, on, paper, actor=bureau, now=NOW))  # type: ignore[misc]
        assert refused == "E-STORY-CONSENT"
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseStory.objects.filter(pk=story.pk).update(published_at=NOW)
    record_consent(story.pk, SIGNED, "同意书，宣传卷 2022-3", actor=bureau, now=NOW)
    reword_story(story.pk, TITLE, WORDS + "他说心里踏实了。", actor=bureau, now=NOW)
    assert fault(lambda: publish_story(story.pk, actor=bureau, now=NOW)) == "E-STORY-CONSENT", "consent was to other words"
    assert not CaseStory.objects.published().exists()
    record_consent(story.pk, SIGNED, "同意书，宣传卷 2022-4", actor=bureau, now=NOW)
    publish_story(story.pk, actor=bureau, now=NOW)
    assert [each.masked_name for each in CaseStory.objects.published()] == ["沈**"]
    assert fault(lambda: reword_story(story.pk, TITLE, "别的", actor=bureau, now=NOW)) == "E-STATE"
    assert publish_story(story.pk, actor=bureau, now=at(2022, 5, 1)).published_at == NOW
    withdraw_story(story.pk, "本人不再同意", actor=bureau, now=NOW)
    assert not CaseStory.objects.published().exists()
    noted = AuditEntry.objects.filter(action__startswith="measure.story").order_by("pk").values_list("action", flat=True)
    assert [each.removeprefix("measure.story_") for each in noted] == [
        "written", "consent", "written", "consent", "published", "withdrawn",
    ]  # fmt: skip


@pytest.mark.clauses("gz-13b")
@pytest.mark.parametrize(
    ("title", "words"),
    [
        pytest.param(TITLE, "沈志远今年六十五岁。", id="姓名 name"),
        pytest.param("志远大爷的养老金", WORDS, id="名 given name"),
        pytest.param(TITLE, "沈 志 远今年六十五岁。", id="空格隔开 spaces between"),
        pytest.param(TITLE, f"身份证号 {SHEN}。", id="身份证号 citizen number"),
        pytest.param(TITLE, "电话 139-0000-0001。", id="电话 telephone"),
        pytest.param(TITLE, "家住新堂村 3组12号。", id="住址 address"),
    ],
)
def test_never_so_that_the_person_is_named(measures: dict[str, Measure], title: str, words: str) -> None:
    bureau, story = post_at(OrganisationKind.HRSS), written(measures, title, words)
    record_consent(story.pk, SIGNED, "同意书", actor=bureau, now=NOW)
    assert fault(lambda: publish_story(story.pk, actor=bureau, now=NOW)) == "E-STORY-NAMED"
    assert not CaseStory.objects.published().exists()


def test_units_write_and_the_bureau_publishes(measures: dict[str, Measure]) -> None:
    tax, row = post_at(OrganisationKind.TAX), measures["gz-13"].pk
    story = write_story(row, SHEN, TITLE, WORDS, actor=tax, now=NOW)
    assert write_story(row, SHEN, TITLE, WORDS, actor=tax, now=NOW) == story
    record_consent(story.pk, SIGNED, "同意书", actor=tax, now=NOW)
    with pytest.raises(OutOfScope):
        publish_story(story.pk, actor=tax, now=NOW)
    with pytest.raises(OutOfScope):
        write_story(row, SHEN, "别的", WORDS, actor=post_at(OrganisationKind.BANK), now=NOW)
    assert fault(lambda: write_story(row, number("19560903", 19, COUNTY), TITLE, WORDS, actor=tax, now=NOW)) == "E-STORY-PERSON"
    assert fault(lambda: write_story(row, SHEN, " ", WORDS, actor=tax, now=NOW)) == "E-STORY"
    other = measures["gz-7"].pk
    assert fault(lambda: write_story(other, SHEN, TITLE, WORDS, actor=post_at(OrganisationKind.HRSS), now=NOW)) == "E-STORY"
