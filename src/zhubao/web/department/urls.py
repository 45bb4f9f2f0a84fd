"""Addresses of department lists."""

from django.urls import path

from . import differences, events, overview, roster, start, subjects, version

app_name = "department"
urlpatterns = [
    path("", start.home, name="home"),
    path("hand-in/", start.hand_in, name="hand-in"),
    path("overview/", overview.months, name="overview"),
    path("overview.xlsx", overview.workbook, name="overview-xlsx"),
    path("match/", overview.match, name="match"),
    path("lists/<int:list_id>/", roster.one, name="list"),
    path("versions/<int:version_id>/", version.one, name="version"),
    path("versions/<int:version_id>/certify/", version.certify, name="certify"),
    path("versions/<int:version_id>/confirm/", version.confirm, name="confirm"),
    path("versions/<int:version_id>/withdraw/", version.withdraw, name="withdraw"),
    path("versions/<int:version_id>/changes.xlsx", version.changes_workbook, name="changes-xlsx"),
    path("versions/<int:version_id>/rejected.xlsx", version.rejected_workbook, name="rejected-xlsx"),
    path("differences/", differences.listing, name="differences"),
    path("differences.xlsx", differences.workbook, name="differences-xlsx"),
    path("differences/<int:difference_id>/", differences.one, name="difference"),
    path("differences/<int:difference_id>/settle/", differences.settle, name="settle"),
    path("differences/<int:difference_id>/number/", differences.correct, name="correct-number"),
    path("events/", events.listing, name="events"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
