"""Tables of personal accounts, one module a subject."""

from zhubao.accounts.after_death import models as after_death
from zhubao.accounts.benefits import models as benefits
from zhubao.accounts.helping import models as helping
from zhubao.accounts.self_service import models as self_service
from zhubao.accounts.transfers import models as transfers

from .account import Account, Batch, Entry, EntryQuerySet, Kind, Lot, Source
from .interest import InterestRun, InterestSum
from .subsidy import Payer, SubsidyLine, SubsidyRate, SubsidyRun

__all__ = [
    "Account",
    "Batch",
    "Entry",
    "EntryQuerySet",
    "InterestRun",
    "InterestSum",
    "Kind",
    "Lot",
    "Payer",
    "Source",
    "SubsidyLine",
    "SubsidyRate",
    "SubsidyRun",
    "after_death",
    "benefits",
    "helping",
    "self_service",
    "transfers",
]
