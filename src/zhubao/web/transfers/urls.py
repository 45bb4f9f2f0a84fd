"""Addresses of transfers."""

from django.urls import path

from . import asking, listing, own, subjects, transfer

app_name = "transfers"
urlpatterns = [
    path("", listing.listing, name="all"),
    path("list.xlsx", listing.workbook, name="workbook"),
    path("ask/", asking.ask, name="ask"),
    path("own/", own.own, name="own"),
    path("own/<str:number>/<str:verb>/", own.step, name="own-step"),
    path("<str:number>/", transfer.transfer, name="transfer"),
    path("<str:number>/steps/<str:verb>/", transfer.step, name="step"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
