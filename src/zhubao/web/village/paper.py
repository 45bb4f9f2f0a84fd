"""The notice as paper: before it is put up, and as it hangs. Names and numbers leave the typesetting masked."""

from base64 import b64encode

from django.http import HttpResponse

from zhubao.calendars import NoticePeriod
from zhubao.cases.models import Case
from zhubao.documents import PrintedForm, typeset, typeset_pictures
from zhubao.documents.decisions import CommitteeNotice, PublishedPerson
from zhubao.documents.rugao_forms import HARDSHIPS
from zhubao.people.sealing import open_number
from zhubao.policies import judge_of

DRAFT = "张贴前预览"
SHARP = 110


def draft_of(cases: list[Case], found: dict[int, str], period: NoticePeriod, *, place: str, phone: str) -> CommitteeNotice:
    """Return the notice of cases read with person and committee, as it would be printed for a posting day.

    `found` holds the hardship of each case by its id.
    """
    committee = cases[0].committee
    assert committee is not None, cases
    return CommitteeNotice(
        date=period.posted,
        number=DRAFT,
        programme=judge_of(cases[0].policy_id).policy.title.zh,
        people=tuple(
            PublishedPerson(case.person.name, open_number(case.person), HARDSHIPS.get(found[case.pk], found[case.pk]))
            for case in cases
        ),
        first_day=next(day.day for day in period.counted.days if day.counted),
        last_day=period.last_day,
        office=committee.name,
        phone=phone,
        address=place,
    )


def as_pdf(form: PrintedForm, name: str) -> HttpResponse:
    """Answer with the paper to print."""
    answer = HttpResponse(typeset(form), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def sheets_of(form: PrintedForm) -> list[str]:
    """Return the paper's sheets as pictures that stand in the page itself."""
    return [f"data:image/png;base64,{b64encode(sheet).decode()}" for sheet in typeset_pictures(form, SHARP)]
