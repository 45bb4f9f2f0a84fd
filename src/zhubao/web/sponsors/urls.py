"""Addresses of sponsors."""

from django.urls import path

from . import listing, one

app_name = "sponsors"
urlpatterns = [
    path("", listing.listing, name="listing"),
    path("list.xlsx", listing.export, name="export"),
    path("new/", listing.register, name="register"),
    path("<int:sponsor_id>/", listing.sponsor, name="sponsor"),
    path("<int:sponsor_id>/offer/", listing.enter, name="enter"),
    path("offers/<str:number>/", one.sponsorship, name="sponsorship"),
    path("offers/<str:number>/people.xlsx", one.export, name="people-export"),
    path("offers/<str:number>/receipt.pdf", one.receipt, name="receipt"),
    path("offers/<str:number>/<slug:verb>/", one.act, name="act"),
]
