"""Addresses of yearly plans."""

from django.urls import path

from . import correcting, plans, row, rows, runs, subjects

app_name = "assistance"
urlpatterns = [
    path("", plans.everything, name="all"),
    path("list.xlsx", plans.workbook, name="overview"),
    path("open/", plans.open_year, name="open"),
    path("<int:plan_id>/", plans.one, name="plan"),
    path("<int:plan_id>/reckon/", plans.reckon, name="reckon"),
    path("<int:plan_id>/try/", plans.attempt, name="try"),
    path("<int:plan_id>/publish/", plans.publish, name="publish"),
    path("<int:plan_id>/rows/", rows.listed, name="rows"),
    path("<int:plan_id>/rows.xlsx", rows.workbook, name="workbook"),
    path("rows/<int:row_id>/", row.one, name="row"),
    path("rows/<int:row_id>/take/", row.take_step, name="take"),
    path("rows/<int:row_id>/payer/", correcting.decide, name="payer"),
    path("rows/<int:row_id>/back/", correcting.pay_back, name="back"),
    path("runs/<int:run_id>/", runs.one, name="run"),
    path("runs/<int:run_id>/progress/", runs.progress, name="progress"),
    path("runs/<int:run_id>/accept/", runs.accept, name="accept"),
    path("runs/<int:run_id>/changes.xlsx", runs.workbook, name="changes"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
