"""Addresses of cases."""

from django.urls import path

from . import case, copies, decisions, intake, late, listing, queue, taking

app_name = "cases"
urlpatterns = [
    path("", queue.listing, name="queue"),
    path("queue.xlsx", queue.export, name="queue-export"),
    path("all/", listing.listing, name="all"),
    path("all/search/", listing.search, name="search"),
    path("all/list.xlsx", listing.export, name="export"),
    path("late/", late.listing, name="late"),
    path("late/list.xlsx", late.export, name="late-export"),
    path("new/", intake.begin, name="new"),
    path("<str:number>/", case.one, name="case"),
    path("<str:number>/identity/", case.unmask, name="identity"),
    path("<str:number>/papers/<int:paper_id>/", case.paper, name="paper"),
    path("<str:number>/form/", intake.fill, name="form"),
    path("<str:number>/papers/", intake.add_paper, name="add-paper"),
    path("<str:number>/papers/seen/", intake.see_original, name="see-original"),
    path("<str:number>/papers/<int:paper_id>/remove/", intake.remove_paper, name="remove-paper"),
    path("<str:number>/copies/", copies.hand_over, name="hand-over"),
    path("<str:number>/forecast/", case.forecast, name="forecast"),
    path("<str:number>/decisions/<int:decision_id>/", decisions.one, name="decision"),
    path("<str:number>/steps/<str:verb>/", taking.take, name="step"),
]
