"""The kinds of organisations that take part, the posts each of them has, and the posts one person may not hold together."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhubao.language import Text


class OrganisationKind(models.TextChoices):
    """What an organisation is in the programmes; one county has several of some kinds."""

    AGENCY = "agency", _("Social insurance agency")
    COMMITTEE = "committee", _("Residents' or villagers' committee")
    TOWNSHIP = "township", _("Township or subdistrict")
    CIVIL_AFFAIRS = "civil_affairs", _("Civil affairs bureau")
    RURAL_AFFAIRS = "rural_affairs", _("Rural affairs bureau")
    DISABLED_FEDERATION = "disabled_federation", _("Disabled persons' federation")
    HRSS = "hrss", _("Human resources and social security bureau")
    FINANCE = "finance", _("Finance bureau")
    TAX = "tax", _("Tax bureau")
    BANK = "bank", _("Cooperating bank")
    PBOC = "pboc", _("People's Bank of China branch")
    AUDITOR = "auditor", _("Audit office")


class Role(models.TextChoices):
    """A post's work. Separate people are required where a document asks for a second person."""

    AGENCY_INTAKE = "agency_intake", _("Intake clerk")
    AGENCY_REVIEWER = "agency_reviewer", _("Review clerk")
    AGENCY_APPROVER = "agency_approver", _("Approving officer")
    AGENCY_ACCOUNTANT = "agency_accountant", _("Agency accountant")
    AGENCY_ADMINISTRATOR = "agency_administrator", _("System administrator")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    TOWNSHIP_CLERK = "township_clerk", _("Township clerk")
    CERTIFIER = "certifier", _("Certifying clerk")
    HRSS_SUPERVISOR = "hrss_supervisor", _("Supervising officer")
    FINANCE_CLERK = "finance_clerk", _("Finance clerk")
    TAX_CLERK = "tax_clerk", _("Tax clerk")
    BANK_OFFICER = "bank_officer", _("Bank loan officer")
    BANK_REVIEWER = "bank_reviewer", _("Bank reviewing officer")
    PBOC_SUPERVISOR = "pboc_supervisor", _("Bank supervisor")
    AUDITOR = "auditor", _("Auditor")


ROLES_OF: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.AGENCY: (
        Role.AGENCY_INTAKE,
        Role.AGENCY_REVIEWER,
        Role.AGENCY_APPROVER,
        Role.AGENCY_ACCOUNTANT,
        Role.AGENCY_ADMINISTRATOR,
    ),
    OrganisationKind.COMMITTEE: (Role.COMMITTEE_MEMBER,),
    OrganisationKind.TOWNSHIP: (Role.TOWNSHIP_CLERK,),
    OrganisationKind.CIVIL_AFFAIRS: (Role.CERTIFIER,),
    OrganisationKind.RURAL_AFFAIRS: (Role.CERTIFIER,),
    OrganisationKind.DISABLED_FEDERATION: (Role.CERTIFIER,),
    OrganisationKind.HRSS: (Role.HRSS_SUPERVISOR,),
    OrganisationKind.FINANCE: (Role.FINANCE_CLERK,),
    OrganisationKind.TAX: (Role.TAX_CLERK,),
    OrganisationKind.BANK: (Role.BANK_OFFICER, Role.BANK_REVIEWER),
    OrganisationKind.PBOC: (Role.PBOC_SUPERVISOR,),
    OrganisationKind.AUDITOR: (Role.AUDITOR,),
}

AGENCY_ROLES = frozenset(ROLES_OF[OrganisationKind.AGENCY])
BANK_ROLES = frozenset(ROLES_OF[OrganisationKind.BANK])
EVERY_ROLE = frozenset(Role)


@dataclass(frozen=True)
class Incompatibility:
    """Posts one person may not hold together: any of `one` with any other of `other`; why, and the clauses it rests on."""

    one: frozenset[Role]
    other: frozenset[Role]
    reason: Text
    clauses: tuple[str, ...]

    def forbids(self, first: str, second: str) -> bool:
        """Tell whether two posts, in any order, are held apart by this line."""
        return first != second and ((first in self.one and second in self.other) or (second in self.one and first in self.other))


def _apart(one: Iterable[Role], other: Iterable[Role], reason: Text, *clauses: str) -> Incompatibility:
    return Incompatibility(frozenset(one), frozenset(other), reason, clauses)


# The documents give each step to a party of its own. The first line that forbids a pair is the reason shown.
INCOMPATIBLE: tuple[Incompatibility, ...] = (
    _apart(
        [Role.AUDITOR],
        EVERY_ROLE,
        Text("审计的人不办理被审计的事", "whoever audits does none of the work that is audited"),
        "rg-23a",
    ),
    _apart(
        [Role.AGENCY_ADMINISTRATOR],
        EVERY_ROLE - {Role.AGENCY_INTAKE, Role.AUDITOR},
        Text("分配岗位的人不审批、不出证、不管钱", "whoever hands out posts decides, certifies and pays nothing"),
        "gz-10b",
    ),
    _apart(
        [Role.AGENCY_APPROVER],
        [Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER],
        Text("录入、审核与核定要两个人经手", "one person enters and reviews, another approves"),
        "gz-10b",
    ),
    _apart(
        [Role.AGENCY_APPROVER],
        [Role.AGENCY_ACCOUNTANT],
        Text("核定付款与记账要两个人经手", "one person approves a payment, another keeps the accounts"),
        "gz-10b",
        "jx-5.2e",
    ),
    _apart(
        [Role.COMMITTEE_MEMBER],
        AGENCY_ROLES,
        Text("居（村）委会初审之后由经办机构另行审核", "the committee reviews first, the agency reviews again"),
        "rg-12.0",
        "rg-12.1c",
    ),
    _apart(
        [Role.CERTIFIER],
        AGENCY_ROLES,
        Text("身份由主管部门认定，资格由经办机构审核", "departments certify who a person is, the agency decides on it"),
        "ps-2.2a",
        "ps-2.2d",
    ),
    _apart(
        [Role.FINANCE_CLERK],
        AGENCY_ROLES,
        Text("经办机构审核申报，财政部门拨付", "the agency verifies and claims, finance pays"),
        "jx-annex-5b",
        "jx-5.1c",
    ),
    _apart(
        [Role.FINANCE_CLERK],
        [Role.CERTIFIER],
        Text("主管部门核实申请，财政部门拨付", "departments verify and claim, finance pays"),
        "ps-2.2g",
    ),
    _apart(
        [Role.BANK_OFFICER],
        [Role.BANK_REVIEWER],
        Text("受理贷款与贷款审查要两个人经手", "one person prepares a loan, another reviews it"),
        "jx-5.1g",
        "tl-2b",
    ),
    _apart(
        BANK_ROLES,
        AGENCY_ROLES | {Role.COMMITTEE_MEMBER, Role.CERTIFIER},
        Text("资格由政府一方审核，贷款由银行发放", "the public side decides who qualifies, the bank lends"),
        "jx-annex-2c",
        "tl-5.1l",
    ),
    _apart(
        BANK_ROLES,
        [Role.FINANCE_CLERK],
        Text("银行据实申报贴息，财政部门拨付", "the bank claims interest subsidies, finance pays them"),
        "jx-annex-5a",
        "rg-16",
    ),
    _apart(
        [Role.PBOC_SUPERVISOR],
        BANK_ROLES,
        Text("人民银行指导金融机构，不替银行放贷", "the central bank guides banks, it does not lend for one"),
        "jx-5.1f",
    ),
    _apart(
        [Role.HRSS_SUPERVISOR],
        AGENCY_ROLES | BANK_ROLES,
        Text("监督的人不经办", "whoever supervises does not handle the cases"),
        "gz-10a",
        "rg-annex1-bank-c",
    ),
    _apart(
        [Role.TAX_CLERK],
        [Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER],
        Text("税务部门征收，经办机构记账，两边要对得上", "tax collects, the agency records, and the two are reconciled"),
        "jx-5.1e",
        "rg-12.5",
    ),
)


def incompatibility(role: str, held: Iterable[str]) -> Incompatibility | None:
    """Return the line that forbids a post to somebody who holds others, or None when there is none."""
    others = list(held)
    return next((line for line in INCOMPATIBLE if any(line.forbids(role, other) for other in others)), None)
