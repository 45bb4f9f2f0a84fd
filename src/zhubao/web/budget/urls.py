"""Addresses of budgets."""

from django.urls import path

from . import asking, reading

app_name = "budget"
urlpatterns = [
    path("", asking.everything, name="all"),
    path("ask/", asking.ask, name="ask"),
    path("<str:number>/", reading.one, name="one"),
    path("<str:number>/against/", reading.against, name="against"),
    path("<str:number>/actual/", reading.actual, name="actual"),
    path("<str:number>/loans/<str:place>/<slug:policy_id>/", reading.loans, name="loans"),
    path("<str:number>/budget.xlsx", reading.workbook, name="workbook"),
    path("<str:number>/budget.pdf", reading.paper, name="paper"),
]
