"""The settlement certificate of a loan that its instalments have settled, issued by the bank when it is asked for."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.loans.endings.certificates import CERTIFYING_POSTS, issue_certificate
from zhubao.web.attempts import told_above
from zhubao.web.loans.finding import found_loan
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts


@require_POST
@for_posts(*CERTIFYING_POSTS)
def certify(request: PostRequest, number: str) -> HttpResponseBase:
    """Issue the certificate; sent twice, it is the same one."""
    loan = found_loan(request.actor, number)
    with told_above(request):
        made = issue_certificate(loan.pk, actor=request.actor, now=clock.now())
        messages.success(request, _("Settlement certificate %(number)s is ready to print.") % {"number": made.number})
    return redirect("loans:loan", loan.number)
