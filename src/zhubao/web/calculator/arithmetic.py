"""The sum behind each of the four reasons, in words a borrower can check with a pencil."""

from django.utils.translation import gettext as _

from zhubao.lending.forecast import Forecast, Reason

from .words import month_said, months_said, rate_said, yuan_said


def arithmetic(found: Forecast, reason: Reason) -> str:
    """Return the numbers of a reason as a sum; what is not known is said to be so."""
    return {"enough_months": _months, "covers_interest": _interest, "ends_in_term": _term, "ends_in_life": _life}[reason.code](
        found, reason
    )


def _months(found: Forecast, reason: Reason) -> str:
    career = found.career
    if career is None or career.total is None or career.months is None or career.projected is None:
        return _("not known yet")
    return _("%(paid)s paid + %(lent)s by loan = %(all)s; %(needed)s are needed") % {
        "paid": career.total,
        "lent": career.months,
        "all": months_said(career.projected),
        "needed": months_said(career.required),
    }


def _interest(found: Forecast, reason: Reason) -> str:
    cap, monthly = reason.numbers["cap_fen"], reason.numbers["monthly_interest_fen"]
    if cap is None or found.loan is None or found.owed is None:
        return _("not known yet")
    pension, protected, most = found.loan.first_month()
    allowed = (
        yuan_said(most)
        if cap == most
        else _("%(most)s, by agreement %(agreed)s") % {"most": yuan_said(most), "agreed": yuan_said(cap)}
    )
    return _(
        "pension %(pension)s − %(kept)s that must be left = at most %(cap)s; a month's interest: %(principal)s × %(rate)s ÷ 12 = %(interest)s"
    ) % {
        "pension": yuan_said(pension),
        "kept": yuan_said(protected),
        "cap": allowed,
        "principal": yuan_said(found.owed.principal),
        "rate": rate_said(found.loan.terms.rate_ppm),
        "interest": yuan_said(monthly),
    }


def _term(found: Forecast, reason: Reason) -> str:
    months, limit = reason.numbers["months"], reason.numbers["limit_months"]
    if limit is None:
        return _("the document sets no longest term")
    if found.repaid is None:
        return _("not known yet")
    if months is None:
        left = {"limit": months_said(limit), "left": yuan_said(reason.numbers["left_fen"])}
        return _("after %(limit)s, the longest term, %(left)s are still owed") % left
    return _("%(months)s ≤ %(limit)s, the longest term") % {"months": months_said(months), "limit": months_said(limit)}


def _life(found: Forecast, reason: Reason) -> str:
    career, last = found.career, found.last_month
    age = reason.numbers["horizon_age"]
    if career is None or found.repaid is None:
        return _("not known yet")
    if last is None:
        return _("not repaid by the age of %(age)s, as far as this calculation looks") % {"age": age}
    return _("paid off in %(month)s at the age of %(then)s; this calculation looks to the age of %(age)s") % {
        "month": month_said(last),
        "then": (last - career.birth) // 12,
        "age": age,
    }
