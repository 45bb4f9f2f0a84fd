"""Which published rate binds a loan: the ceiling of each draw (Jiangxi), the rate itself and its resets (Rugao), a ceiling (Tongling)."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Event, Terms
from zhubao.lending.events import ceiling_set
from zhubao.lending.rates import benchmark_tier, lpr_parameter, rate_events
from zhubao.parameters import ParameterBook
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book

from .models import Loan
from .states import ways_of
from .stepping import add_event

BENCHMARK_OF_TIER = {
    "le_6m": "benchmark_6m_ppm",
    "6m_to_1y": "benchmark_1y_ppm",
    "1y_to_3y": "benchmark_3y_ppm",
    "3y_to_5y": "benchmark_5y_ppm",
    "gt_5y": "benchmark_ppm",
}


def published_name(loan: Loan, terms: Terms) -> str:
    """Return the name of the published rate that binds a loan: an LPR for Jiangxi, else the benchmark of its term."""
    term = loan.grace_months + (loan.repay_months or 0)
    if ways_of(loan.policy_id).rate == "lpr_ceiling":
        return lpr_parameter(terms, term)
    return BENCHMARK_OF_TIER[benchmark_tier(terms, term, loan.grace_months)]


def published_rate(loan: Loan, terms: Terms, on: date, book: ParameterBook) -> int:
    """Return the latest published rate on a day, ppm; E-LOAN-RATE where none is known."""
    name = published_name(loan, terms)
    entry = book.latest(name, on, area_of_region(loan.region_code))
    if entry is None:
        raise ZhubaoError("E-LOAN-RATE", Text(f"{on} 没有公布的利率", f"no rate is published on {on}"), place=name)
    return entry.number()


@implements("jx-2.4a", "rg-10a", "tl-3.3b", as_="action")
def require_rate(loan: Loan, terms: Terms, book: ParameterBook, *, lower_by: str = "") -> None:
    """Raise E-LOAN-CEILING for a contract rate above the published one at signing; in Rugao E-LOAN-BENCHMARK for any other.

    `lower_by`: the recorded decision of the city that allows a Rugao loan a lower rate than the benchmark (rg-10a).
    """
    published = published_rate(loan, terms, loan.signed_on, book)
    if loan.rate_ppm > published:
        raise ZhubaoError(
            "E-LOAN-CEILING",
            Text(f"合同利率高于上限 {_percent(published)}", f"the contract rate is above the ceiling of {_percent(published)}"),
            place=loan.number,
        )
    if ways_of(loan.policy_id).rate == "benchmark" and loan.rate_ppm < published and not lower_by:
        raise ZhubaoError(
            "E-LOAN-BENCHMARK",
            Text(f"利率应等于基准利率 {_percent(published)}", f"the rate is the benchmark, {_percent(published)}"),
            place=loan.number,
            remedy=Text("低于基准须有市人社部门的书面决定", "a lower one needs a recorded decision of the city's HRSS bureau"),
        )


@implements("rg-10b", as_="action")
def follow_rates(loan: Loan, terms: Terms, first_draw: date, until: date, *, actor: Actor, now: datetime) -> None:
    """Add the rates and ceilings that hold for draws up to a day; those there already are passed over."""
    book = parameter_book()
    if ways_of(loan.policy_id).rate == "lpr_ceiling":
        ceiling = published_rate(loan, terms, until, book)
        add_event(loan, f"ceiling:{until}", ceiling_set(until, ceiling), published_name(loan, terms), actor=actor, now=now)
        return
    for event in rates_due(loan, terms, first_draw, until, book):
        add_event(loan, rate_key(event), event, published_name(loan, terms), actor=actor, now=now)


def rates_due(loan: Loan, terms: Terms, first_draw: date, until: date, book: ParameterBook) -> list[Event]:
    """Return the rates a Rugao loan at the benchmark takes over after its signing, up to and including a day."""
    if ways_of(loan.policy_id).rate != "benchmark" or terms.reset == "none":
        return []
    if loan.rate_ppm != published_rate(loan, terms, loan.signed_on, book):
        return []
    segments = book.segments(published_name(loan, terms), area_of_region(loan.region_code))
    table = [(entry.effective_from, entry.number()) for entry in segments]
    return [event for event in rate_events(terms, table, loan.signed_on, first_draw, until) if event.on > loan.signed_on]


def rate_key(event: Event) -> str:
    """Return the key a rate that was taken over is entered under."""
    return f"rate:{event.on}"


def _percent(ppm: int) -> str:
    whole, parts = divmod(ppm, 10_000)
    return f"{whole}.{parts:04d}".rstrip("0").rstrip(".") + "%"
