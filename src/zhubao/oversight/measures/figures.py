"""The only writers of figures units hand in and of the fund's years; a correction keeps what stood before."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters.questions import settle
from zhubao.policies.claims import implements
from zhubao.policies.measures import IndicatorText, indicator
from zhubao.programmes.selectors import area_of_region, parameter_book

from .course import POST_OF
from .models import FundYear, IndicatorFigure
from .periods import quarter_of

SURPLUS_QUESTION = "A-GZ-6"
LONGEST_PART = 40


@implements("gz-4a", "gz-4b", "gz-5b", "gz-5c", "gz-11a", "gz-11e", "tl-5.1m", as_="action")
@transaction.atomic
def enter_figure(
    region_code: str,
    name: str,
    day: date,
    numerator: int,
    document: str,
    *,
    part: str = "",
    denominator: int | None = None,
    because: str = "",
    actor: Actor,
    now: datetime,
) -> IndicatorFigure:
    """Enter a figure for the period (quarter or year) a day lies in; the same figure again changes nothing, another one corrects it.

    Money in fen. Raise OutOfScope for a unit that does not hand it in, E-INDICATOR-UNKNOWN, E-INDICATOR-LIVE for one the system
    counts itself, E-INDICATOR-PART, E-INDICATOR-VALUE (negative, or a share without its whole), E-INDICATOR-PERIOD before the
    period began, E-INDICATOR-DOCUMENT without a document, E-INDICATOR-CORRECTION for another figure without a reason.
    """
    known = indicator(name)
    _require_unit(known, region_code, actor)
    place = f"{region_code} {name}"
    first, last = quarter_of(day) if known.period == "quarter" else (date(day.year, 1, 1), date(day.year, 12, 31))
    part = part.strip()[:LONGEST_PART]
    if known.by == (OrganisationKind.BANK,):
        part = Organisation.objects.get(pk=actor.organisation_id or 0).name[:LONGEST_PART]
    _require_sense(known, part, numerator, denominator, place)
    if first > localdate(now):
        raise ZhubaoError("E-INDICATOR-PERIOD", Text("这一期还没有开始", "the period has not begun"), place=f"{place} {first}")
    if not document.strip():
        raise ZhubaoError("E-INDICATOR-DOCUMENT", Text("请写明依据文件或台账", "name the document it rests on"), place=place)
    standing = (
        IndicatorFigure.objects.standing()
        .select_for_update(of=("self",))
        .filter(region_code=region_code, indicator_name=name, part=part, period_from=first, period_to=last)
        .first()
    )
    if standing is not None:
        if (standing.numerator, standing.denominator, standing.document) == (numerator, denominator, document.strip()):
            return standing
        _require_reason(because, place)
        standing.superseded_at = now
        standing.save(update_fields=["superseded_at"])
    figure = IndicatorFigure.objects.create(
        region_code=region_code,
        indicator_name=name,
        part=part,
        period_from=first,
        period_to=last,
        numerator=numerator,
        denominator=denominator,
        document=document.strip()[:200],
        unit_id=actor.organisation_id,
        entered_at=now,
        entered_by_id=actor.post_id,
        actor_name=actor.name,
        because=because.strip()[:300] if standing else "",
        replaces=standing,
    )
    record(
        "indicator.corrected" if standing else "indicator.entered",
        f"indicator:{name}",
        actor=actor,
        now=now,
        region_code=region_code,
        before={"numerator": standing.numerator, "denominator": standing.denominator} if standing else None,
        after={"part": part, "from": str(first), "numerator": numerator, "denominator": denominator},
        reason=figure.because,
    )
    return figure


@implements("gz-9a", "gz-9c", as_="action")
@transaction.atomic
def enter_fund_year(
    region_code: str,
    year: int,
    surplus_fen: int,
    entrusted_fen: int,
    document: str,
    audited_on: date,
    *,
    gains_fen: int | None = None,
    average_assets_fen: int | None = None,
    because: str = "",
    actor: Actor,
    now: datetime,
) -> FundYear:
    """Enter what was entrusted in a year, with the new surplus of the audited accounts it is measured by; finance enters it.

    Which year's surplus counts is the answer to A-GZ-6, as of the day it is entered. The same again changes nothing, other figures
    correct it. Raise OutOfScope, E-FUND-YEAR for a year to come or accounts audited before the surplus year was over, E-FUND-AMOUNT,
    E-INDICATOR-DOCUMENT, E-INDICATOR-CORRECTION.
    """
    actor.require_role(Role.FINANCE_CLERK)
    actor.require_region(region_code)
    today, place = localdate(now), f"{region_code} {year}"
    settled = settle(parameter_book(), SURPLUS_QUESTION, today, area_of_region(region_code))
    surplus_year = year if settled.value == "same_year" else year - 1
    amounts = {
        "surplus_fen": surplus_fen,
        "entrusted_fen": entrusted_fen,
        "gains_fen": gains_fen,
        "average_assets_fen": average_assets_fen,
    }
    if not 2000 <= year <= today.year or not date(surplus_year, 12, 31) < audited_on <= today:
        raise ZhubaoError(
            "E-FUND-YEAR",
            Text(
                f"决算应在 {surplus_year} 年度之后、今天以前审定",
                f"the accounts of {surplus_year} are audited after it and by today",
            ),
            place=place,
        )
    _require_fund_amounts(amounts, place)
    if not document.strip():
        raise ZhubaoError("E-INDICATOR-DOCUMENT", Text("请写明决算文号", "name the audited accounts"), place=place)
    standing = FundYear.objects.standing().select_for_update(of=("self",)).filter(region_code=region_code, year=year).first()
    if standing is not None:
        if standing.document == document.strip() and all(getattr(standing, name) == value for name, value in amounts.items()):
            return standing
        _require_reason(because, place)
        standing.superseded_at = now
        standing.save(update_fields=["superseded_at"])
    row = FundYear.objects.create(
        region_code=region_code,
        year=year,
        surplus_year=surplus_year,
        provisional="" if settled.confirmed else SURPLUS_QUESTION,
        **amounts,
        document=document.strip()[:200],
        audited_on=audited_on,
        entered_at=now,
        entered_by_id=actor.post_id,
        actor_name=actor.name,
        because=because.strip()[:300] if standing else "",
        replaces=standing,
    )
    before = {name: getattr(standing, name) for name in amounts} if standing else None
    action = "fund_year.corrected" if standing else "fund_year.entered"
    record(
        action, f"fund:{place}", actor=actor, now=now, region_code=region_code, before=before, after=amounts, reason=row.because
    )
    return row


def _require_fund_amounts(amounts: Mapping[str, int | None], place: str) -> None:
    """Raise E-FUND-AMOUNT for less than nothing entrusted, and for gains without the average assets they are measured by."""
    entrusted, gains, assets = (amounts[name] for name in ("entrusted_fen", "gains_fen", "average_assets_fen"))
    if (entrusted or 0) < 0 or (gains is None) != (assets is None) or (assets is not None and assets <= 0):
        raise ZhubaoError(
            "E-FUND-AMOUNT",
            Text(
                "委托金额不为负；收益和平均资产要一起填，平均资产大于零",
                "not negative; gains come with average assets above nought",
            ),
            place=place,
        )


def hands_in(known: IndicatorText, actor: Actor) -> bool:
    """Tell whether the actor's unit hands an indicator in."""
    kind = Organisation.objects.filter(pk=actor.organisation_id or 0).values_list("kind", flat=True).first()
    return known.source == "entered" and kind in known.by and actor.role == POST_OF.get(kind or "")


def _require_unit(known: IndicatorText, region_code: str, actor: Actor) -> None:
    if known.source != "entered":
        raise ZhubaoError("E-INDICATOR-LIVE", Text("该指标由系统统计", "the system counts it itself"), place=known.name)
    actor.require_region(region_code)
    if actor.user_id is not None and not hands_in(known, actor):
        raise OutOfScope(known.name, Text("本单位不报这一指标", "your unit does not hand this in"))


def _require_sense(known: IndicatorText, part: str, numerator: int, denominator: int | None, place: str) -> None:
    codes = {code for code, _words in known.parts}
    if part not in (codes or {""}) and not (part and known.more_parts):
        raise ZhubaoError(
            "E-INDICATOR-PART",
            Text("请选本指标的一个分项", "choose one of the indicator's parts"),
            place=place,
            remedy=Text("有分项的指标逐项填报", "an indicator with parts is entered part by part"),
        )
    share = known.unit == "ppm"
    if numerator < 0 or share != (denominator is not None) or (denominator is not None and not numerator <= denominator > 0):
        raise ZhubaoError(
            "E-INDICATOR-VALUE",
            Text(
                "数值不为负；比率要填分子和分母，分子不大于分母",
                "not negative; a share has a part and a whole, the part no larger",
            ),
            place=place,
        )


def _require_reason(because: str, place: str) -> None:
    if not because.strip():
        raise ZhubaoError(
            "E-INDICATOR-CORRECTION",
            Text("已有另一数值；更正要写明原因", "another figure stands; a correction says why"),
            place=place,
            remedy=Text("写明更正原因，原数保留", "write the reason; the old figure is kept"),
        )
