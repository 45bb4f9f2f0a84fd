"""Addresses of the yearly verification."""

from django.urls import path

from . import deciding, lists, panel, runs, subjects

app_name = "verification"
urlpatterns = [
    path("", runs.everything, name="all"),
    path("start/", runs.start, name="start"),
    path("overdue/", runs.late, name="overdue"),
    path("<int:run_id>/", runs.one, name="run"),
    path("<int:run_id>/progress/", runs.progress, name="progress"),
    path("<int:run_id>/list.xlsx", lists.workbook, name="workbook"),
    path("<int:run_id>/list.pdf", lists.paper, name="paper"),
    path("<int:run_id>/accept/", deciding.accept, name="accept"),
    path("<int:run_id>/confirm/", deciding.confirm_many, name="confirm"),
    path("<int:run_id>/findings/<int:found_id>/", deciding.one, name="finding"),
    path("<int:run_id>/findings/<int:found_id>/objection/", deciding.objection, name="objection"),
]
__all__ = ["app_name", "panel", "subjects", "urlpatterns"]
