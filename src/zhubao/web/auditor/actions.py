"""What was done, in words: steps of a course by its table, everything else by a word of its own."""

from functools import cache
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from zhubao.accounts.after_death.course import PROCESS as AFTER_DEATH
from zhubao.accounts.benefits.course import PROCESS as BENEFIT
from zhubao.accounts.helping.course import PROCESS as HELPING
from zhubao.accounts.self_service.course import PROCESS as SELF_SERVICE
from zhubao.accounts.transfers.course import PROCESS as TRANSFER
from zhubao.assistance.states import PLAN
from zhubao.assistance.states import PROCESSES as PLAN_ROWS
from zhubao.assistance.states.claim import CLAIM
from zhubao.assistance.states.sponsorship import SPONSORSHIP
from zhubao.cases.states import PROCESSES as CASES
from zhubao.cases.states import RENEWAL
from zhubao.language import Language
from zhubao.loans.states import PROCESSES as LOANS
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.loans.states.fraud import FRAUD
from zhubao.oversight.dishonesty.course import LISTING
from zhubao.oversight.measures.course import MEASURE
from zhubao.web.clerk.words import language
from zhubao.web.navigation import Label
from zhubao.workflow import Process

from .subjects import SUBJECTS

# The tables whose steps an action is named after, by what stands before the dot.
COURSES: Final[dict[str, tuple[Process, ...]]] = {
    "assistance_claim": (CLAIM,),
    "after-death": (AFTER_DEATH,),
    "benefit": (BENEFIT,),
    "case": tuple(CASES.values()),
    "claim": tuple(CLAIM_COURSES.values()),
    "enrolment-help": (HELPING,),
    "fraud": (FRAUD,),
    "listing": (LISTING,),
    "loan": tuple(LOANS.values()),
    "measure": (MEASURE,),
    "plan": (PLAN, *PLAN_ROWS.values()),
    "renewal": (RENEWAL,),
    "self-service": (SELF_SERVICE,),
    "sponsorship": (SPONSORSHIP,),
    "transfer": (TRANSFER,),
}
ACTIONS: Final[dict[str, Label]] = {
    "access.refused": _("refused: outside the post's scope"),
    "assistance_claim.frozen": _("claim for contributions on behalf: frozen, tax allocated another sum"),
    "audit.exported": _("audit log exported"),
    "bank.cooperation": _("bank: cooperation recorded"),
    "bank.ended": _("bank: cooperation ended"),
    "bank.offer": _("bank: yearly rate offered"),
    "bank.reviewed": _("bank: agreement reviewed under a later text"),
    "banks.chosen": _("banks chosen or designated"),
    "benefit.month": _("resident pensions: month run"),
    "budget.asked": _("budget asked for"),
    "budget.reckoned": _("budget reckoned"),
    "bulletin.given_out": _("quarterly bulletin given out"),
    "case.bank_condition": _("application: condition set by the bank refused"),
    "case.copy": _("application: copy of a form handed over"),
    "case.family": _("application: household listed"),
    "case.filled": _("application: form filled in"),
    "case.list_taken": _("list of applications taken out"),
    "case.original_seen": _("application: original of a paper seen"),
    "case.paper": _("application: paper kept"),
    "case.paper_read": _("application: paper looked at"),
    "case.paper_removed": _("application: paper taken off"),
    "circumstance.noted": _("person: circumstance noted"),
    "circumstance.withdrawn": _("person: circumstance taken back"),
    "claim.booked": _("subsidy claim: payment booked"),
    "claim.prepared": _("subsidy claim: lines taken out by the bank"),
    "clock.put_forward": _("demonstration clock put forward"),
    "demonstration.journey": _("months of the demonstration asked for"),
    "difference.explained": _("reconciliation: difference explained"),
    "disability.drawn_up": _("severely disabled: settlement drawn up"),
    "disability.settled": _("severely disabled: settlement paid and credited"),
    "envelope.arrived": _("file exchange: file arrived"),
    "envelope.finished": _("file exchange: file worked off"),
    "envelope.handed_over": _("file exchange: file handed over"),
    "envelope.made": _("file exchange: file made"),
    "envelope.received": _("file exchange: file read"),
    "envelope.refused": _("file exchange: file refused whole"),
    "events.entered": _("list of events entered"),
    "evidence.frozen": _("person: facts and judgement frozen"),
    "figure.entered": _("figure entered"),
    "figure.withdrawn": _("figure withdrawn"),
    "fraud.paper": _("fraud: paper kept"),
    "fraud.paper_read": _("fraud: paper looked at"),
    "fund_year.corrected": _("fund: figures of the year corrected"),
    "fund_year.entered": _("fund: figures of the year entered"),
    "household.recorded": _("household recorded"),
    "identities.list_entered": _("identities: department's list entered"),
    "identity.certified": _("identity certified"),
    "identity.ended": _("identity ended"),
    "identity.withdrawn": _("identity taken back"),
    "indicator.corrected": _("indicator: figure corrected"),
    "indicator.entered": _("indicator: figure entered"),
    "insured.list_entered": _("insured persons: file entered"),
    "insured.recorded": _("person: insurance record kept"),
    "interest.approved": _("interest on accounts: trial approved"),
    "interest.posted": _("interest on accounts: posted"),
    "interest.taken_back": _("interest on accounts: taken back"),
    "interest.trial_opened": _("interest on accounts: trial opened"),
    "key.issued": _("key for a system issued"),
    "key.revoked": _("key for a system revoked"),
    "listing.handed_over": _("seriously dishonest persons: list handed over"),
    "loan.certificate": _("loan: settlement certificate written"),
    "loan.closed_day": _("loan: books closed for a day"),
    "loan.deduction_followed_up": _("loan: failed deduction followed up"),
    "loan.pension_credited": _("loan: pension credited"),
    "loan.quote": _("loan: sum that pays it off quoted"),
    "loan.transfer_asked": _("loan: transfer of the pension relation asked for"),
    "loan.transfer_dropped": _("loan: transfer of the pension relation taken back"),
    "loan.transfer_released": _("loan: transfer of the pension relation released"),
    "measure.control": _("measure: risk and control entered"),
    "measure.event": _("measure: publicity event logged"),
    "measure.evidence": _("measure: evidence added"),
    "measure.story_consent": _("measure: consent to a story recorded"),
    "measure.story_published": _("measure: story published"),
    "measure.story_withdrawn": _("measure: story withdrawn"),
    "measure.story_written": _("measure: story written"),
    "month_end.finished": _("month end finished"),
    "notice.acknowledged": _("notice acknowledged"),
    "notice.delivered": _("notice: delivery proved"),
    "notice.taken_down": _("public notice taken down"),
    "notice.told": _("notice given"),
    "organisation.added": _("organisation added"),
    "person.account_opened": _("person: own sign-in opened"),
    "person.account_printed": _("person: account number printed"),
    "person.card_set": _("person: card account kept"),
    "person.changed": _("person: details changed"),
    "person.died": _("person: death recorded"),
    "person.number_corrected": _("person: citizen number corrected"),
    "person.number_printed": _("person: citizen number printed"),
    "person.number_seen": _("person: citizen number looked at"),
    "person.phone_seen": _("person: telephone number looked at"),
    "policy.version": _("policy document: later text entered"),
    "programme.started": _("loan programme: started in a place"),
    "person.phone_printed": _("person: telephone number printed"),
    "person.phone_set": _("person: telephone number kept"),
    "person.registered": _("person registered"),
    "person.unmasked": _("name and number shown in full"),
    "plan.budget_entered": _("plan: money provided entered"),
    "plan.calls_shared_out": _("plan: collection tasks shared out"),
    "plan.difference_explained": _("plan: difference explained"),
    "plan.file_prepared": _("plan: file prepared for handing in"),
    "plan.ledger_compared": _("plan: township ledger compared"),
    "plan.ledger_difference_settled": _("plan: difference of a ledger settled"),
    "plan.loss_accepted": _("plan: people leaving a department's list accepted"),
    "plan.opened": _("plan opened"),
    "plan.printed_plan_list": _("plan: list of the planned printed"),
    "plan.printed_refund_list": _("plan: refund list printed"),
    "plan.printed_township_ledger": _("plan: township ledger printed"),
    "plan.published": _("plan published"),
    "plan.reconciled": _("plan: reconciled three ways"),
    "plan.recovered": _("plan: recovery after a death booked"),
    "plan.recoveries_listed": _("plan: recoveries after deaths listed"),
    "post.closed": _("post closed"),
    "post.opened": _("post opened"),
    "reconciliation.run": _("reconciliation done"),
    "region.added": _("region added"),
    "regions.imported": _("regions imported"),
    "roster.kind_said": _("roster: kind said"),
    "roster.names_seen": _("department's list: names read in full"),
    "roster.read": _("roster read"),
    "roster.received": _("roster handed in"),
    "roster.refused": _("roster cannot be read"),
    "roster_difference.settled": _("roster: difference settled"),
    "roster_version.certified": _("department's list: answered for"),
    "roster_version.entered": _("department's list: people entered"),
    "roster_version.handed_in": _("department's list: handed in"),
    "roster_version.loss_confirmed": _("department's list: people leaving confirmed by a second person"),
    "roster_version.matched": _("department's list: matched with what is on record"),
    "roster_version.read": _("department's list: read"),
    "roster_version.refused": _("department's list: cannot be read"),
    "roster_version.withdrawn": _("department's list: taken back"),
    "screening.asked": _("screening asked for"),
    "screening.done": _("screening done"),
    "screening.downloaded": _("results downloaded"),
    "screening.failed": _("screening failed"),
    "session.opened": _("signed in"),
    "sponsor.registered": _("sponsor registered"),
    "sponsorship.offered": _("contributions paid by sponsors: offer entered, ceilings checked"),
    "statement.made": _("loan: statement made"),
    "statements.asked": _("yearly statements asked for"),
    "statements.made": _("yearly statements made"),
    "subsidy.credited": _("contribution subsidy: credited to the accounts"),
    "subsidy.listed": _("contribution subsidy: list made"),
    "subsidy_rate.entered": _("contribution subsidy: rate entered"),
    "subsidy_rate.withdrawn": _("contribution subsidy: rate withdrawn"),
    "user.added": _("person added"),
    "user.deactivated": _("account closed"),
    "user.password_changed": _("own password changed"),
    "user.password_set": _("new password given"),
    "user.reactivated": _("account opened again"),
    "verification.confirmed": _("yearly verification: findings confirmed"),
    "verification.matched": _("yearly verification: everybody matched"),
    "verification.objection": _("yearly verification: objection answered"),
    "verification.opened": _("yearly verification: opened"),
    "verification.rejected": _("yearly verification: findings rejected"),
    "verification.roster_accepted": _("yearly verification: shrunken list accepted"),
}
LOCALES: Final[dict[Language, str]] = {"zh": "zh-hans", "en": "en"}
COLON: Final[dict[Language, str]] = {"zh": "：", "en": ": "}
BETWEEN: Final[dict[Language, str]] = {"zh": "／", "en": " / "}


def action_said(action: str) -> Label:
    """Return an action in words; one without words by its code."""
    return ACTIONS.get(action) or steps_said(language()).get(action, action)


def actions_said() -> dict[str, Label]:
    """Return every action there is in words, by its code, in the page's language."""
    return {**ACTIONS, **steps_said(language())}


@cache
def steps_said(spoken: Language) -> dict[str, str]:
    """Return the steps of all tables in words by action: ``loan.settle`` is ``贷款：结清``; all its words where programmes differ."""
    labels = {action: dict.fromkeys(words) for action, words in _labels(spoken).items()}
    with override(LOCALES[spoken]):
        kinds = {kind: f"{SUBJECTS[kind.replace('_', '-')]}{COLON[spoken]}" for kind in COURSES}
    return {action: kinds[action.partition(".")[0]] + BETWEEN[spoken].join(words) for action, words in labels.items()}


def _labels(spoken: Language) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, processes in COURSES.items():
        for process in processes:
            for row in process.transitions:
                found.setdefault(f"{kind}.{row.verb}", []).append(row.label.in_(spoken))
    return found


def state_said(action: str, state: str) -> str:
    """Return a state that an action led to in words; one no table knows by its code."""
    processes = COURSES.get(action.partition(".")[0], ())
    labels = [each.label.in_(language()) for process in processes for each in process.states if each.name == state]
    return BETWEEN[language()].join(dict.fromkeys(labels)) or state
