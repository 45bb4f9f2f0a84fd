"""Addresses of interest subsidy claims."""

from django.urls import path

from . import claim, handing_in, line, listing, papers, subjects, taking

app_name = "claims"
urlpatterns = [
    path("", listing.listing, name="all"),
    path("hand-in/", handing_in.hand_in, name="hand-in"),
    path("files/<int:file_id>/", handing_in.file, name="file"),
    path("prepared/", handing_in.prepared, name="prepared"),
    path("<str:number>/", claim.one, name="claim"),
    path("<str:number>/lines/<int:line_id>/", line.one, name="line"),
    path("<str:number>/steps/<str:verb>/", taking.take, name="step"),
    path("<str:number>/papers/<slug:name>.pdf", papers.paper, name="paper"),
    path("<str:number>/papers/<slug:name>.xlsx", papers.workbook, name="workbook"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
