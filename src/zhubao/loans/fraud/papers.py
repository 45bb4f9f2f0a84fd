"""Scanned papers of a finding: kept until the decision, looked at afterwards; both are on record."""

from datetime import datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.private_files import keep
from zhubao.access.uploads import suffix_of
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from ..beside import require_may
from ..models import FraudFinding, FraudPaper
from ..states.fraud import FRAUD

MOST_PAPERS = 30


@transaction.atomic
def add_paper(finding_id: int, name: str, content: bytes, *, actor: Actor, now: datetime) -> FraudPaper:
    """Keep a scanned paper with a finding that is not decided yet: evidence, or what the person hands in with a statement.

    The same file again is the same row. Raise OutOfScope, E-STATE once decided, E-ATTACHMENT-MANY, and what `uploads.suffix_of` raises.
    """
    finding = FraudFinding.objects.select_for_update().get(pk=finding_id)
    require_may(finding, FRAUD.transition("take_statement" if actor.person_id else "serve_notice"), actor)
    if finding.state not in ("opened", "notified"):
        raise ZhubaoError("E-STATE", Text("已作出决定，不再收材料", "it is decided; no more papers"), place=finding.number)
    suffix = suffix_of(content, name)
    stored_as, digest = keep(content, "fraud", suffix=suffix)
    found = finding.papers.filter(sha256=digest).first()
    if found is not None:
        return found
    if finding.papers.count() >= MOST_PAPERS:
        raise ZhubaoError("E-ATTACHMENT-MANY", Text(f"最多 {MOST_PAPERS} 个文件", f"at most {MOST_PAPERS} files"), place=name)
    paper = FraudPaper.objects.create(
        record=finding,
        name=name[:200],
        size=len(content),
        sha256=digest,
        stored_as=stored_as,
        added_at=now,
        added_by_id=actor.user_id,
    )
    after = {"sha256": digest, "size": len(content)}
    record("fraud.paper", finding.subject, actor=actor, now=now, region_code=finding.region_code, after=after)
    return paper


@transaction.atomic
def open_paper(finding: FraudFinding, paper_id: int, *, actor: Actor, now: datetime) -> FraudPaper:
    """Return a paper kept with a finding the actor may see; the look is on record. Raise DoesNotExist for another finding's."""
    paper = finding.papers.get(pk=paper_id)
    after = {"sha256": paper.sha256}
    record("fraud.paper_read", finding.subject, actor=actor, now=now, region_code=finding.region_code, after=after)
    return paper
