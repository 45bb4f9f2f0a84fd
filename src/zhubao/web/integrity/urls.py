"""Addresses of findings and listings."""

from django.urls import path

from . import listing, own, panel, record, subjects, taking

app_name = "integrity"
urlpatterns = [
    path("", listing.findings, name="findings"),
    path("listings/", listing.listings, name="listings"),
    path("listings/hand-over/", listing.export, name="hand-over"),
    path("new/<slug:name>/", listing.new, name="new"),
    path("own/<slug:name>/<str:number>/", own.one, name="own"),
    path("own/findings/<str:number>/papers/<int:paper_id>/", own.look, name="own-file"),
    path("own/<slug:name>/<str:number>/<slug:paper>.pdf", own.paper, name="own-paper"),
    path("findings/<str:number>/papers/", record.keep_paper, name="keep"),
    path("findings/<str:number>/papers/<int:paper_id>/", record.look, name="file"),
    path("<slug:name>/<str:number>/", record.one, name="one"),
    path("<slug:name>/<str:number>/<slug:paper>.pdf", record.paper, name="paper"),
    path("<slug:name>/<str:number>/steps/<str:verb>/", taking.take, name="step"),
]
__all__ = ["app_name", "panel", "subjects", "urlpatterns"]
