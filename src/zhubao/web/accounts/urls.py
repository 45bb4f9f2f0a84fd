"""Addresses of personal accounts."""

from django.urls import path

from . import account, interest, mine, subjects, subsidies

app_name = "accounts"
urlpatterns = [
    path("", account.find, name="all"),
    path("<int:account_id>/", account.one, name="account"),
    path("<int:account_id>/entries.xlsx", account.workbook, name="entries-workbook"),
    path("<int:account_id>/statement.pdf", account.paper, name="statement"),
    path("interest/", interest.everything, name="interest"),
    path("interest/rate/", interest.rate, name="interest-rate"),
    path("interest/try/", interest.start, name="interest-try"),
    path("interest/<int:run_id>/", interest.one, name="interest-run"),
    path("interest/<int:run_id>/approve/", interest.approved, name="interest-approve"),
    path("interest/<int:run_id>/take-back/", interest.taken_back, name="interest-take-back"),
    path("interest/<int:run_id>/list.xlsx", interest.workbook, name="interest-workbook"),
    path("subsidies/", subsidies.everything, name="subsidies"),
    path("subsidies/rate/", subsidies.rate, name="subsidy-rate"),
    path("subsidies/rate/<int:rate_id>/withdraw/", subsidies.withdraw, name="subsidy-withdraw"),
    path("subsidies/list/", subsidies.start, name="subsidy-list"),
    path("subsidies/<int:run_id>/", subsidies.one, name="subsidy-run"),
    path("subsidies/<int:run_id>/credit/", subsidies.credited, name="subsidy-credit"),
    path("subsidies/<int:run_id>/list.xlsx", subsidies.workbook, name="subsidy-workbook"),
    path("mine/", mine.one, name="mine"),
    path("mine/entries/", mine.entries, name="mine-entries"),
    path("mine/statement.pdf", mine.paper, name="mine-statement"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
