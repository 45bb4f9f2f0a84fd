"""Addresses of collection and claim."""

from django.urls import path

from . import claims, disability, files, overview, reconciliation, recoveries, refunds, sheets, subjects, verification

app_name = "collection"
urlpatterns = [
    path("", overview.everything, name="all"),
    path("claims/<str:number>/", claims.claim, name="claim"),
    path("claims/<str:number>/list.xlsx", sheets.claim_workbook, name="claim-workbook"),
    path("claims/<str:number>/steps/<str:verb>/", claims.step, name="step"),
    path("<int:plan_id>/", overview.plan, name="plan"),
    path("<int:plan_id>/hand-out/", overview.hand_out, name="hand-out"),
    path("<int:plan_id>/upload/", files.upload, name="upload"),
    path("<int:plan_id>/prepared/", files.prepared, name="prepared"),
    path("<int:plan_id>/unpaid/", overview.unpaid, name="unpaid"),
    path("<int:plan_id>/verification/", verification.verification, name="verification"),
    path("<int:plan_id>/verification/decide/", verification.decide, name="decide"),
    path("<int:plan_id>/claims/", claims.claims, name="claims"),
    path("<int:plan_id>/claims/submit/", claims.submit, name="submit"),
    path("<int:plan_id>/budget/", claims.budget, name="budget"),
    path("<int:plan_id>/refunds/", refunds.refunds, name="refunds"),
    path("<int:plan_id>/refunds/draw-up/", refunds.draw_up, name="refunds-draw-up"),
    path("<int:plan_id>/refunds/pay/", refunds.pay, name="refunds-pay"),
    path("<int:plan_id>/refunds/<int:refund_id>/come-back/", refunds.come_back, name="refund-come-back"),
    path("<int:plan_id>/refunds/<int:refund_id>/correct/", refunds.correct, name="refund-correct"),
    path("<int:plan_id>/disability/", disability.disability, name="disability"),
    path("<int:plan_id>/disability/draw-up/", disability.draw_up, name="disability-draw-up"),
    path("<int:plan_id>/disability/<int:settlement_id>/settle/", disability.settle, name="disability-settle"),
    path("<int:plan_id>/recoveries/", recoveries.recoveries, name="recoveries"),
    path("<int:plan_id>/recoveries/find/", recoveries.find, name="recoveries-find"),
    path("<int:plan_id>/recoveries/<int:recovery_id>/book/", recoveries.book, name="recovery-book"),
    path("<int:plan_id>/reconciliation/", reconciliation.reconciliation, name="reconciliation"),
    path("<int:plan_id>/reconciliation/run/", reconciliation.run, name="reconcile"),
    path("<int:plan_id>/reconciliation/<int:difference_id>/explain/", reconciliation.explain, name="explain"),
    path("<int:plan_id>/<slug:name>.xlsx", sheets.workbook, name="workbook"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
