"""The kinds of organisations that take part, and the posts each of them has."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
