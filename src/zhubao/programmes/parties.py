"""Who takes part in a programme: the parties its document addresses, and which of them have no office here yet. Reads only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhubao.access.models import Organisation
from zhubao.access.regions import around
from zhubao.access.roles import OrganisationKind as Kind
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies import judge_of

from .banks import JIANGXI, TONGLING
from .models import ProgrammeStart


@dataclass(frozen=True)
class Party:
    """One kind of party: any office of one of these kinds will do, the place's own or one above it."""

    label: Text
    kinds: tuple[Kind, ...]


AGENCY = Party(Text("人社部门或社保经办机构", "human resources bureau or social insurance agency"), (Kind.HRSS, Kind.AGENCY))
CIVIL_AFFAIRS = Party(Text("民政部门", "civil affairs"), (Kind.CIVIL_AFFAIRS,))
# The poverty offices became part of the bureaus for rural affairs in 2021.
POVERTY = Party(Text("扶贫（乡村振兴）部门", "poverty relief (rural revitalisation) office"), (Kind.RURAL_AFFAIRS,))
FINANCE = Party(Text("财政部门", "finance"), (Kind.FINANCE,))
TAX = Party(Text("税务部门", "tax office"), (Kind.TAX,))
CENTRAL_BANK = Party(Text("人民银行", "People's Bank of China"), (Kind.PBOC,))
BANK = Party(Text("合作银行（至少一家）", "at least one bank"), (Kind.BANK,))

# jx-0.2 names those it addresses; Tongling's document the four offices that issued it, and the bank that lends (tl-0.1, tl-2).
PARTIES: dict[str, tuple[Party, ...]] = {
    JIANGXI: (AGENCY, CIVIL_AFFAIRS, POVERTY, FINANCE, TAX, CENTRAL_BANK, BANK),
    TONGLING: (AGENCY, FINANCE, TAX, CENTRAL_BANK, BANK),
}


def offices_of(policy_id: str, region_code: str) -> list[tuple[Party, list[Organisation]]]:
    """Return the parties of a programme in the order of its document, each with its offices in a place, above it or inside it."""
    here = Organisation.objects.filter(Q(region_id__in=around(region_code)) | Q(region__code__startswith=region_code)).order_by(
        "pk"
    )
    offices = list(here)
    return [(party, [each for each in offices if each.kind in party.kinds]) for party in PARTIES.get(policy_id, ())]


def missing_parties(policy_id: str, region_code: str) -> list[Party]:
    """Return the parties of a programme that have no office for a place."""
    return [party for party, offices in offices_of(policy_id, region_code) if not offices]


def start_of(policy_id: str, region_code: str) -> ProgrammeStart | None:
    """Return when a programme starts in a place, None where it was never started."""
    return ProgrammeStart.objects.filter(policy_id=policy_id, region_code__in=around(region_code)).order_by("starts_on").first()


def require_started(policy_id: str, region_code: str, on: date) -> None:
    """Raise E-PROGRAMME-NOT-STARTED unless a programme takes applications in a place on a day. A draft is tried without a start."""
    policy = judge_of(policy_id).policy
    start = start_of(policy_id, region_code)
    if policy.trial or (start is not None and start.starts_on <= on):
        return
    when = (
        Text("尚未启用", "not started")
        if start is None
        else Text(f"自 {start.starts_on} 起受理", f"it starts on {start.starts_on}")
    )
    raise ZhubaoError(
        "E-PROGRAMME-NOT-STARTED",
        Text(f"本地的“{policy.title.zh}”{when.zh}", f"{policy.title.en} takes no applications here: {when.en}"),
        place=region_code,
        remedy=Text(
            "请管理员在“贷款项目”页登记各方并启用",
            "the administrator registers the parties and starts it on the page of loan programmes",
        ),
    )
