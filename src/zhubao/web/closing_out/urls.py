"""Addresses of the ledger that closes."""

from django.urls import path

from . import covering, differing, papers, person, start, subjects, year

app_name = "closing_out"
urlpatterns = [
    path("", start.start, name="start"),
    path("people/", start.listing, name="people"),
    path("people/list.xlsx", start.export, name="people-export"),
    path("people/<int:row_id>/", person.shown, name="person"),
    path("people/<int:row_id>/proof/", person.proof, name="proof"),
    path("people/<int:row_id>/call/", person.call, name="call"),
    path("people/<int:row_id>/close/", person.close, name="close"),
    path("people/<int:row_id>/reopen/", person.take_back, name="reopen"),
    path("people/<int:row_id>/refusal/", person.refusal, name="refusal"),
    path("receipts/", year.by_receipts, name="by-receipts"),
    path("calls/", year.calls, name="calls"),
    path("close-year/", year.close, name="close-year"),
    path("coverage/", covering.coverage_page, name="coverage"),
    path("coverage/list.xlsx", covering.export, name="coverage-export"),
    path("months/", differing.months, name="months"),
    path("months/hand-in/", differing.hand_in, name="hand-in"),
    path("differences/<int:difference_id>/", differing.one, name="difference"),
    path("differences/list.xlsx", differing.export, name="differences-export"),
    path("papers/<slug:name>.pdf", papers.as_pdf, name="paper"),
    path("papers/<slug:name>.xlsx", papers.as_workbook, name="workbook"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
