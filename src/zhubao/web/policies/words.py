"""Words for the codes of the clause register: kinds of clauses, and whom a clause speaks to."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "amount": pgettext_lazy("kind of clause", "amount"),
    "category": pgettext_lazy("kind of clause", "category of persons"),
    "data_sharing": pgettext_lazy("kind of clause", "exchange of data"),
    "deadline": pgettext_lazy("kind of clause", "deadline"),
    "eligibility": pgettext_lazy("kind of clause", "condition"),
    "exclusion": pgettext_lazy("kind of clause", "exclusion"),
    "form": pgettext_lazy("kind of clause", "form"),
    "money_flow": pgettext_lazy("kind of clause", "flow of money"),
    "notice": pgettext_lazy("kind of clause", "notice"),
    "organisation": pgettext_lazy("kind of clause", "division of work"),
    "principle": pgettext_lazy("kind of clause", "principle"),
    "publicity": pgettext_lazy("kind of clause", "publicity"),
    "rate": pgettext_lazy("kind of clause", "rate"),
    "record": pgettext_lazy("kind of clause", "record"),
    "sanction": pgettext_lazy("kind of clause", "consequence"),
    "step": pgettext_lazy("kind of clause", "step"),
    "supervision": pgettext_lazy("kind of clause", "supervision"),
    "term": pgettext_lazy("kind of clause", "term"),
}
ACTORS = {
    "affairs_centre": _("social security service centre"),
    "agency": _("social insurance agency"),
    "anyone": _("anyone"),
    "assisted_contributor": _("person contributed for"),
    "auditor": _("audit office"),
    "bank": _("cooperating bank"),
    "borrower": _("borrower"),
    "central_bank": _("People's Bank of China"),
    "certifying_departments": _("certifying departments"),
    "civil_affairs": _("civil affairs"),
    "committee": _("village or residents' committee"),
    "federation": _("disabled persons' federation"),
    "finance": _("finance"),
    "hardship_borrower": _("borrower in hardship"),
    "hrss": _("human resources and social security"),
    "issuer": _("issuing offices"),
    "locality": _("local government"),
    "rural_revitalisation": _("rural revitalisation"),
    "sponsor": _("sponsor"),
    "tax": _("tax office"),
    "township": _("township or subdistrict"),
    "trade_union": _("trade union"),
}
