"""Addresses of loans."""

from django.urls import path

from . import correcting, listing, loan, month_end, reconciliation, risk, roster, subjects, taking, year

app_name = "loans"
urlpatterns = [
    path("", listing.listing, name="all"),
    path("search/", listing.search, name="search"),
    path("list.xlsx", listing.export, name="export"),
    path("year/", year.year, name="year"),
    path("year/plan/", year.plan, name="plan"),
    path("year/release/", year.release, name="release"),
    path("roster/", roster.roster, name="roster"),
    path("roster/hand-over/", roster.hand_over, name="hand-over"),
    path("reconciliation/", reconciliation.reconciliation, name="reconciliation"),
    path("reconciliation/run/", reconciliation.run, name="reconcile"),
    path("reconciliation/list.xlsx", reconciliation.export, name="reconciliation-export"),
    path("reconciliation/<int:difference_id>/explain/", reconciliation.close, name="explain"),
    path("month-end/", month_end.everything, name="month-ends"),
    path("month-end/start/", month_end.start, name="start-month-end"),
    path("month-end/<int:run_id>/", month_end.one, name="month-end"),
    path("month-end/<int:run_id>/progress/", month_end.progress, name="month-end-progress"),
    path("long-repayment/", risk.risk, name="risk"),
    path("<str:number>/", loan.one, name="loan"),
    path("<str:number>/postings/", loan.postings, name="postings"),
    path("<str:number>/steps/<str:verb>/", taking.take, name="step"),
    path("<str:number>/steps/<str:verb>/<int:draw_id>/", taking.take, name="step"),
]
__all__ = ["app_name", "correcting", "subjects", "urlpatterns"]
