"""Addresses of the audit log."""

from django.urls import path

from . import chain, log

app_name = "auditor"
urlpatterns = [
    path("log/", log.listing, name="log"),
    path("log.xlsx", log.export, name="log-export"),
    path("chain/", chain.listing, name="chains"),
    path("chain/<str:code>/", chain.one, name="chain"),
]
