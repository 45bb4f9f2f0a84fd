"""Addresses of resident pensions."""

from django.urls import path

from . import benefit, deaths, listing, runs, subjects

app_name = "benefits"
urlpatterns = [
    path("", listing.listing, name="all"),
    path("list.xlsx", listing.workbook, name="workbook"),
    path("run/", runs.start, name="run-month"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("runs/<int:run_id>/paid.xlsx", runs.workbook, name="paid"),
    path("deaths/", deaths.listing, name="deaths"),
    path("deaths/list.xlsx", deaths.workbook, name="deaths-workbook"),
    path("deaths/<int:record_id>/", deaths.one, name="death"),
    path("deaths/<int:record_id>/steps/<str:verb>/", deaths.step, name="death-step"),
    path("<int:benefit_id>/", benefit.benefit, name="benefit"),
    path("<int:benefit_id>/steps/<str:verb>/", benefit.step, name="step"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
