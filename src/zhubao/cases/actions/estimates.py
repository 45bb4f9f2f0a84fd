"""What the agency foresees of an applicant's pension, worked out by the same forecast a citizen sees, and kept as it was handed over."""

from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.evidence.forecasting import person_forecast
from zhubao.evidence.models import Snapshot
from zhubao.language import Text
from zhubao.lending.forecast import Forecast, forecast
from zhubao.lending.forecast_figures import marks_json
from zhubao.pension import first_day
from zhubao.people.selectors import insured_record
from zhubao.programmes.selectors import parameter_book

from ..contract import CONTRACTING
from ..models import Application, Case, Estimate, Step
from ..stepping import Going


def keep_estimate(going: Going[Case], step: Step, snapshot: Snapshot) -> Estimate:
    """Work out and keep the estimate of a case on the day of a snapshot. Raise E-ESTIMATE naming the facts that are missing."""
    case = going.case
    found = _forecast(case, snapshot)
    estimate, career, planned = found.estimate, found.career, found.planned
    if (
        estimate is None
        or career is None
        or career.total is None
        or not planned
        or estimate.basic_fen is None
        or estimate.account_fen is None
        or estimate.transition_fen is None
        or found.case.person.account_fen is None
    ):
        raise _incomplete(case, found)
    born, on = case.person.born, snapshot.on
    return Estimate.objects.create(
        case=case,
        step=step,
        snapshot=snapshot,
        age_months=(on.year - born.year) * 12 + on.month - born.month - (on.day < born.day),
        paid_months=career.total,
        contribution_fen=planned[0].fen * 12 // planned[0].months,
        months_to_pay=sum(tranche.months for tranche in planned),
        account_fen=found.case.person.account_fen,
        pension_month=first_day(career.pension),
        basic_fen=estimate.basic_fen,
        account_pension_fen=estimate.account_fen,
        transition_fen=estimate.transition_fen,
        pension_fen=estimate.basic_fen + estimate.account_fen + estimate.transition_fen,
        assumed=marks_json(found.figures.marks, "zh")["provisional"],
        made_at=going.now,
    )


def standing_estimate(case: Case) -> Estimate:
    """Return the latest estimate of a case; E-ESTIMATE when the agency has given none."""
    estimate = case.estimates.last()
    if estimate is None:
        raise ZhubaoError(
            "E-ESTIMATE",
            Text("经办机构还没有提供参保和待遇测算", "the agency has not given record and estimate yet"),
            place=case.number,
            remedy=Text("请经办机构先提供", "ask the agency for it first"),
        )
    return estimate


def _forecast(case: Case, snapshot: Snapshot) -> Forecast:
    """Return the forecast of a case: the frozen facts, and what the register has of account and wages."""
    record = insured_record(case.person, str(snapshot.facts.get("scheme", {}).get("value", "")))
    person = person_forecast(case.person.born, snapshot.facts, record)
    values: dict[str, Any] = {"policy": case.policy_id, "on": snapshot.on.isoformat(), "person": person}
    if CONTRACTING[case.policy_id].tier_chosen:
        application = Application.objects.get(case=case)
        values["plan"] = {"yearly_fen": application.tier_fen}
    return forecast(values, book=parameter_book())


def _incomplete(case: Case, found: Forecast) -> ZhubaoError:
    missing = marks_json(found.figures.marks, "zh")["missing"]
    names = [str(row["fact"]) for row in missing] or ["months_to_pay"]
    remedies = "；".join(str(row["remedy"]) for row in missing) or "没有还要缴费的月份"
    return ZhubaoError(
        "E-ESTIMATE",
        Text(f"测算不出首月养老金：{remedies}", f"the first month's pension cannot be worked out without {', '.join(names)}"),
        place=f"{case.number}: {', '.join(names)}",
        remedy=Text("补齐参保记录和当地数字", "complete the insured record and the local figures"),
    )
