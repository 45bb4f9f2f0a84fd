"""Addresses under /calculator/, open to everybody; the query of an address carries the whole case."""

from django.urls import path

from . import on_behalf_views, views

app_name = "calculator"
urlpatterns = [
    path("", views.index, name="index"),
    path("loan/<slug:policy_id>/", views.loan, name="loan"),
    path("loan/<slug:policy_id>/charts/", views.charts, name="charts"),
    path("loan/<slug:policy_id>/leaflet.pdf", views.leaflet, name="leaflet"),
    path("on-behalf/<slug:policy_id>/", on_behalf_views.on_behalf, name="on-behalf"),
]
