"""Contribution loans: terms, events, replay, forecast; integers only.

The vectorised month-end is `zhubao.lending.batch` and is imported only by who needs NumPy.
"""

from .caps import allocate, monthly_cap
from .deaths import DeathSettlement, settle_death
from .engine import replay
from .events import Event, Kind
from .life import Life, life_result, read_life, replay_life
from .outcome import Account, Outcome, Payment, Period, Posting, Tranche
from .projecting import Payoff, Plan, payoff, project
from .settings import AgreedTerms, Setting, terms_for
from .terms import Terms

__all__ = [
    "Account",
    "AgreedTerms",
    "DeathSettlement",
    "Event",
    "Kind",
    "Life",
    "Outcome",
    "Payment",
    "Payoff",
    "Period",
    "Plan",
    "Posting",
    "Setting",
    "Terms",
    "Tranche",
    "allocate",
    "life_result",
    "monthly_cap",
    "payoff",
    "project",
    "read_life",
    "replay",
    "replay_life",
    "settle_death",
    "terms_for",
]
