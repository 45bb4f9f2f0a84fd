"""One person of a screening judged again from the facts that were kept, so that every clause can be read with its source."""

from datetime import datetime
from functools import lru_cache

from zhubao.language import Language
from zhubao.parameters import ParameterBook
from zhubao.policies import judge_of
from zhubao.policies.person import assumed
from zhubao.programmes.selectors import parameter_book
from zhubao.rules.assessment import Assessment, Known
from zhubao.screening.evidence import sources_of

from .models import Screening
from .results import Evidence


@lru_cache(maxsize=8)
def _book(known_at: datetime) -> ParameterBook:
    """Return the book as it stood at a moment: what stood then never changes, so it is read once."""
    return parameter_book(known_at)


def judge_again(screening: Screening, evidence: Evidence, language: Language) -> Assessment:
    """Return the assessment of one person with the source of every value; its verdict is the one in the result."""
    judge = judge_of(screening.policy_id)
    values = {name: evidence.facts[name] for name in judge.policy.columns if evidence.facts[name] is not None}
    sources = sources_of(judge.policy, evidence.origins, screening.summary["files"], language)
    binding = judge.binding(screening.on, evidence.facts["place_of_insurance"] or "", _book(screening.figures_known_at))
    return judge.judge(Known(values, sources, False, assumed(judge.policy, values)), binding)
