"""Addresses of statements."""

from django.urls import path

from . import collective, loan, own

app_name = "statements"
urlpatterns = [
    path("", collective.everything, name="all"),
    path("runs/", collective.run, name="run"),
    path("over/<slug:name>/", collective.over, name="over"),
    path("over/<slug:name>.xlsx", collective.workbook, name="workbook"),
    path("over/<slug:name>.pdf", collective.paper, name="paper"),
    path("loans/<str:number>/", loan.one, name="loan"),
    path("loans/<str:number>/make/", loan.make, name="make"),
    path("loans/<str:number>/postings/", loan.postings, name="postings"),
    path("loans/<str:number>/kept/<int:statement_id>/", loan.kept, name="kept"),
    path("loans/<str:number>/kept/<int:statement_id>.pdf", loan.paper, name="kept-paper"),
    path("own/<str:number>/", own.one, name="own"),
    path("own/<str:number>/make/", own.make, name="own-make"),
    path("own/<str:number>/postings/", own.postings, name="own-postings"),
    path("own/<str:number>/kept/<int:statement_id>.pdf", own.paper, name="own-paper"),
]
