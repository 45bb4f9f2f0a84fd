"""Bulletins: the quarters given out and missing, the page before printing, an edition as it was given out beside the one before."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.models import Region
from zhubao.documents import typeset
from zhubao.documents.bulletins import PrintedBulletin, write_bulletin
from zhubao.oversight.measures.bulletin import FUND, Change, changes, compose, give_out, indicators_of, latest
from zhubao.oversight.measures.course import BUREAU, READERS
from zhubao.oversight.measures.indicators import Asked, read
from zhubao.oversight.measures.models import Bulletin, BulletinLine, BulletinPart, Measure
from zhubao.oversight.measures.periods import quarter_before, quarter_of
from zhubao.oversight.measures.selectors import bulletins_for, missing_bulletins
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.measures import indicator, measures
from zhubao.procedures.printing.measures import printed_bulletin, verdict
from zhubao.web.attempts import told_above
from zhubao.web.clerk.words import language, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .words import RISKS, UNITS, behind, figure_said, state_said

QUARTERS = 6
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@implements("jx-5.2a", "jx-5.2b", "tl-5.2a", as_="feature")
@require_GET
@for_posts(*READERS)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the bulletins given out, the counties that gave none out for the quarter, and every county's figures beside each other."""
    first = _first(request.GET.get("quarter", ""))
    here = _tracked(request)
    policy = request.GET.get("policy", "")
    policy = policy if policy in here else (here[0] if here else "")
    context: dict[str, Any] = {
        "given": [
            (each, said(judge_of(each.policy_id).policy.title), quarter_name(each.period_from))
            for each in bulletins_for(request.actor)[:100]
        ],
        "quarters": [(day.isoformat(), quarter_name(day)) for day in _quarters()],
        "quarter": first.isoformat(),
        "quarter_name": quarter_name(first),
        "policies": [(each, said(judge_of(each).policy.title)) for each in here],
        "policy": policy,
        "missing": [(each, said(judge_of(each.policy_id).policy.title)) for each in missing_bulletins(request.actor, first)],
        "counties": _counties(request, policy, first) if policy and len(request.actor.scope) < 6 else None,
        "county": len(request.actor.scope) >= 6,
    }
    return render(request, "measures/bulletins.html", context)


@require_GET
@for_posts(*READERS)
def preview(request: PostRequest) -> HttpResponseBase:
    """Show what a bulletin would say now; nothing is kept. As PDF where the address asks for it."""
    place, policy, first = _asked(request, request.GET)
    lines = compose(place, policy, first)
    if request.GET.get("format") == "pdf":
        printed = _printed(request, lines, number="", place=place, policy=policy, first=first, on=clock.today())
        return HttpResponse(typeset(printed), content_type="application/pdf")
    standing = latest(place, policy, first)
    differing = changes(list(standing.lines.all()), lines) if standing else []
    context = {
        **_tables(lines),
        "draft": True,
        "policy": policy,
        "title": said(judge_of(policy).policy.title),
        "quarter": first.isoformat(),
        "quarter_name": quarter_name(first),
        "place": Region.objects.get(pk=place),
        "standing": standing,
        "changes": [_change(each) for each in differing],
        "over": clock.today() > quarter_of(first)[1],
        "may_give_out": request.actor.role in BUREAU and request.actor.covers(place),
    }
    return render(request, "measures/bulletin.html", context)


@require_POST
@for_posts(*BUREAU)
def publish(request: PostRequest) -> HttpResponseBase:
    """Give a bulletin out, or its correction."""
    place, policy, first = _asked(request, request.POST)
    with told_above(request):
        bulletin = give_out(place, policy, first, because=request.POST.get("because", ""), actor=request.actor, now=clock.now())
        return redirect("measures:bulletin", bulletin.number)
    return redirect("measures:bulletins")


@require_GET
@for_posts(*READERS)
def kept(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a bulletin as it was given out, with what differs from the edition before it."""
    bulletin = _bulletin(request, number)
    lines = list(bulletin.lines.all())
    before = Bulletin.objects.filter(
        region_code=bulletin.region_code,
        policy_id=bulletin.policy_id,
        period_from=bulletin.period_from,
        edition=bulletin.edition - 1,
    ).first()
    newer = latest(bulletin.region_code, bulletin.policy_id, bulletin.period_from)
    differing = changes(list(before.lines.all()), lines) if before else []
    context = {
        **_tables(lines),
        "bulletin": bulletin,
        "title": said(judge_of(bulletin.policy_id).policy.title),
        "quarter_name": quarter_name(bulletin.period_from),
        "place": Region.objects.get(pk=bulletin.region_code),
        "before": before,
        "newer": newer if newer != bulletin else None,
        "changes": [_change(each) for each in differing],
    }
    return render(request, "measures/bulletin.html", context)


@require_GET
@for_posts(*READERS)
def paper(request: PostRequest, number: str) -> HttpResponseBase:
    """Give out an edition as PDF, the same bytes each time."""
    return HttpResponse(typeset(_kept_print(request, number)), content_type="application/pdf")


@require_GET
@for_posts(*READERS)
def workbook(request: PostRequest, number: str) -> HttpResponseBase:
    """Give out an edition as xlsx."""
    answer = HttpResponse(write_bulletin(_kept_print(request, number)), content_type=WORKBOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}.xlsx"'
    return answer


def quarter_name(first: date) -> str:
    """Return a quarter in words: 2026 年第 3 季度."""
    return _("Quarter %(quarter)d of %(year)d") % {"quarter": (first.month + 2) // 3, "year": first.year}


def _kept_print(request: PostRequest, number: str) -> PrintedBulletin:
    bulletin = _bulletin(request, number)
    return _printed(
        request,
        list(bulletin.lines.all()),
        number=bulletin.number,
        place=bulletin.region_code,
        policy=bulletin.policy_id,
        first=bulletin.period_from,
        on=localdate(bulletin.given_out_at),
        because=bulletin.because,
        office=bulletin.given_out_by.organisation.name if bulletin.given_out_by else "",
    )


def _printed(
    request: PostRequest,
    lines: list[BulletinLine],
    *,
    number: str,
    place: str,
    policy: str,
    first: date,
    on: date,
    because: str = "",
    office: str = "",
) -> PrintedBulletin:
    return printed_bulletin(
        lines,
        number=number,
        policy_id=policy,
        place=Region.objects.get(pk=place).name,
        office=office or request.post.organisation.name,
        first=first,
        on=on,
        because=because,
    )


def _bulletin(request: PostRequest, number: str) -> Bulletin:
    found = bulletins_for(request.actor).select_related("given_out_by__organisation").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _quarters() -> list[date]:
    days = [quarter_of(clock.today())[0]]
    while len(days) < QUARTERS:
        days.append(quarter_before(days[-1])[0])
    return days


def _first(text: str) -> date:
    """Return the first day of the quarter an address names, else of the one before the present."""
    try:
        return quarter_of(date.fromisoformat(text))[0]
    except ValueError:
        return quarter_before(quarter_of(clock.today())[0])[0]


def _tracked(request: PostRequest) -> list[str]:
    scope = request.actor.scope
    near = Measure.objects.filter(region_code__startswith=scope[:6]).order_by()
    return sorted(near.values_list("policy_id", flat=True).distinct())


def _asked(request: PostRequest, given: Any) -> tuple[str, str, date]:
    """Return county, document and quarter of an address; Http404 for a document without measures or a post above the counties."""
    place, policy = request.actor.scope[:6], given.get("policy", "")
    if len(place) != 6 or not measures(policy):
        raise Http404
    return place, policy, _first(given.get("quarter", ""))


def _tables(lines: list[BulletinLine]) -> dict[str, Any]:
    figures = [_shown(line) for line in lines if line.table in (BulletinPart.INDICATOR, BulletinPart.FUND)]
    return {
        "measure_lines": [(line, _label(line), *state_said(line.state)) for line in lines if line.table == BulletinPart.MEASURE],
        "overdue_lines": [(line, _label(line)) for line in lines if line.table == BulletinPart.OVERDUE],
        "risks": [
            (str(words), found)
            for risk, words in RISKS.items()
            if (found := [each for each in figures if each["risk"] == risk and each["name"] not in FUND])
        ],
        "fund_lines": [each for each in figures if each["name"] in FUND],
    }


def _label(line: BulletinLine) -> str:
    return line.label_zh if language() == "zh" else line.label_en


def _shown(line: BulletinLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "risk": line.risk,
        "label": _label(line),
        "unit": UNITS[line.unit],
        "now": figure_said(line.numerator, line.denominator, line.unit) or ("—" if indicator(line.name).source == "live" else ""),
        "behind": "" if line.name in FUND else behind(line.numerator, line.denominator, line.unit),
        "before": figure_said(line.before_numerator, line.before_denominator, line.unit),
        "target": figure_said(line.target_ppm, 1_000_000, "ppm") if line.target_ppm else "",
        "reached": verdict(line),
    }


def _change(change: Change) -> dict[str, str]:
    return {"label": _label(change.line), "old": _value(change.old), "new": _value(change.new)}


def _value(line: BulletinLine | None) -> str:
    if line is None:
        return "—"
    if line.state:
        return f"{state_said(line.state)[0]} {line.day or ''} {line.organisations}".strip()
    return figure_said(line.numerator, line.denominator, line.unit) or _("not handed in")


def _counties(request: PostRequest, policy: str, first: date) -> dict[str, Any]:
    """Return the figures of every county of a region that tracks a document, and their sums, which are those of the whole region."""
    first, last = quarter_of(first)
    names = [
        name for name in indicators_of(policy) if indicator(name).source == "live" and indicator(name).unit in ("count", "fen")
    ]
    names = [name for name in names if name not in (*FUND, "open_tasks_by_party", "tiers_before_and_after")]
    codes = Measure.objects.within(request.actor).filter(policy_id=policy).order_by().values_list("region_code", flat=True)
    counties = sorted({code[:6] for code in codes})
    places = dict(Region.objects.filter(code__in=counties).values_list("code", "name"))
    numbers = {code: [_sum(name, Asked(code, policy, first, last)) for name in names] for code in counties}
    units = [indicator(name).unit for name in names]
    return {
        "headings": [said(indicator(name).label) for name in names],
        "rows": [
            (places.get(code, code), [figure_said(value, None, unit) for value, unit in zip(values, units, strict=True)])
            for code, values in numbers.items()
        ],
        "totals": [figure_said(sum(values[at] for values in numbers.values()), None, unit) for at, unit in enumerate(units)],
    }


def _sum(name: str, asked: Asked) -> int:
    return sum(each.numerator for each in read(name, asked))
