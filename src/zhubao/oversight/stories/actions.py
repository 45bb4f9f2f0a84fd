"""The only writers of stories. Each action is one transaction with its audit entry in it."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import Person
from zhubao.people.selectors import find
from zhubao.policies.claims import implements

from ..measures.actions import unit_measure
from ..measures.course import BUREAU
from .models import CaseStory

LONGEST = 2000
INDICATOR = "campaign_events"
# A citizen number, a telephone or an account; years and amounts are shorter.
MANY_DIGITS = re.compile(r"\d[\d*xX -]{5,}\d")


@transaction.atomic
def write_story(measure_id: int, id_number: str, title: str, text: str, *, actor: Actor, now: datetime) -> CaseStory:
    """Write the story of a person of the region under a publicity measure, by a responsible unit; nobody reads it yet.

    The same title again changes nothing. Raise OutOfScope, E-STORY without words or for another measure, E-STORY-PERSON for a number
    nobody of the region has.
    """
    measure = unit_measure(measure_id, actor)
    if INDICATOR not in measure.known.indicators:
        raise ZhubaoError("E-STORY", Text("这项措施不登记案例", "no stories are kept under this measure"), place=measure.subject)
    person = find(id_number)
    if person is None or not person.region_code.startswith(measure.region_code):
        raise ZhubaoError(
            "E-STORY-PERSON",
            Text("本地登记中没有这个身份证号", "nobody on record here has this citizen number"),
            place=measure.subject,
            remedy=Text("核对身份证号", "check the number"),
        )
    words = _words(title, text)
    story, made = CaseStory.objects.get_or_create(
        measure=measure,
        person=person,
        title=words[0],
        defaults={"text": words[1], "written_at": now, "written_by_id": actor.post_id, "actor_name": actor.name},
    )
    if made:
        _note("measure.story_written", story, actor=actor, now=now)
    return story


@transaction.atomic
def reword_story(story_id: int, title: str, text: str, *, actor: Actor, now: datetime) -> CaseStory:
    """Change the words of a story that is not published; a consent given to other words no longer holds."""
    story = _draft(story_id, actor)
    words = _words(title, text)
    if words != (story.title, story.text):
        (story.title, story.text), story.consent_on, story.consent_paper = words, None, ""
        story.save(update_fields=["title", "text", "consent_on", "consent_paper"])
        _note("measure.story_written", story, actor=actor, now=now)
    return story


@implements("gz-13b", as_="action")
@transaction.atomic
def record_consent(story_id: int, on: date, paper: str, *, actor: Actor, now: datetime) -> CaseStory:
    """Keep that the person agreed to the story as it stands: the day, and the signed paper. E-STORY-CONSENT without either."""
    story = _draft(story_id, actor)
    if on > localdate(now) or not paper.strip():
        raise ZhubaoError(
            "E-STORY-CONSENT",
            Text("请写明同意书及存放处，日期不晚于今天", "name the signed paper and where it lies, and a day not to come"),
            place=story.measure.subject,
        )
    story.consent_on, story.consent_paper = on, paper.strip()[:200]
    story.save(update_fields=["consent_on", "consent_paper"])
    _note("measure.story_consent", story, actor=actor, now=now)
    return story


@implements("gz-13b", as_="action")
@transaction.atomic
def publish_story(story_id: int, *, actor: Actor, now: datetime) -> CaseStory:
    """Let the public read a story, by the bureau; once published it stays as it is.

    Raise OutOfScope, E-STORY-CONSENT without the person's consent to these words, E-STORY-NAMED for words that give away who it is.
    """
    actor.require_role(*BUREAU)
    story = _locked(story_id, actor)
    if story.published_at is not None and story.withdrawn_at is None:
        return story
    _require_draft(story)
    if story.consent_on is None:
        raise ZhubaoError(
            "E-STORY-CONSENT",
            Text("没有本人同意，不能发布", "without the person's consent nothing is published"),
            place=story.measure.subject,
            remedy=Text("请本人看过文字、签同意书后登记", "have the person read and sign, then record the consent"),
        )
    if given_away := gives_away(story.person, f"{story.title}\n{story.text}"):
        raise ZhubaoError(
            "E-STORY-NAMED",
            Text(f"文字会暴露身份：{given_away.zh}", f"the words give away who it is: {given_away.en}"),
            place=story.measure.subject,
            remedy=Text(f"改用“{story.masked_name}”等说法，删去号码和住址", "reword: no name, number or address"),
        )
    story.published_at, story.published_by_id = now, actor.post_id
    story.save(update_fields=["published_at", "published_by"])
    _note("measure.story_published", story, actor=actor, now=now)
    return story


@transaction.atomic
def withdraw_story(story_id: int, because: str, *, actor: Actor, now: datetime) -> CaseStory:
    """Take a story off the public page for good, at the person's wish or for another reason. E-REASON without one."""
    story = _locked(story_id, actor)
    if story.withdrawn_at is not None:
        return story
    if not because.strip():
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=story.measure.subject)
    story.withdrawn_at, story.withdrawn_because = now, because.strip()[:300]
    story.save(update_fields=["withdrawn_at", "withdrawn_because"])
    _note("measure.story_withdrawn", story, actor=actor, now=now)
    return story


def gives_away(person: Person, words: str) -> Text | None:
    """Return what in the words names a person: name, given name of two signs, a long number, the address; None for nothing."""
    plain = re.sub(r"\s", "", words)
    if person.name in plain or (len(person.name) > 2 and person.name[1:] in plain):
        return Text("姓名", "the name")
    if MANY_DIGITS.search(words):
        return Text("号码", "a number")
    if person.address and re.sub(r"\s", "", person.address) in plain:
        return Text("住址", "the address")
    return None


def _words(title: str, text: str) -> tuple[str, str]:
    title, text = title.strip(), text.strip()
    if not (0 < len(title) <= 80 and 0 < len(text) <= LONGEST):
        problem = Text("标题 1 到 80 字，正文 1 到 2000 字", "a title of 1 to 80 signs and a story of 1 to 2,000 are needed")
        raise ZhubaoError("E-STORY", problem, place=title[:20])
    return title, text


def _locked(story_id: int, actor: Actor) -> CaseStory:
    """Return a story, locked, to a responsible unit or the bureau; raise DoesNotExist, OutOfScope."""
    story = CaseStory.objects.select_for_update(of=("self",)).select_related("person", "measure").get(pk=story_id)
    unit_measure(story.measure_id, actor)
    return story


def _draft(story_id: int, actor: Actor) -> CaseStory:
    story = _locked(story_id, actor)
    _require_draft(story)
    return story


def _require_draft(story: CaseStory) -> None:
    if story.published_at is not None or story.withdrawn_at is not None:
        raise ZhubaoError(
            "E-STATE", Text("案例已发布或已撤下", "the story is published or withdrawn"), place=story.measure.subject
        )


def _note(action: str, story: CaseStory, *, actor: Actor, now: datetime) -> None:
    after = {
        "story": story.pk,
        "consent_on": story.consent_on.isoformat() if story.consent_on else None,
        "published": story.published_at is not None,
        "withdrawn": story.withdrawn_because,
    }
    measure = story.measure
    record(action, measure.subject, actor=actor, now=now, region_code=measure.region_code, after=after)
