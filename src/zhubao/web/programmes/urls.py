"""Addresses of the programmes of a place."""

from django.urls import path

from . import views

app_name = "programmes"
urlpatterns = [
    path("", views.listing, name="all"),
    path("<slug:policy_id>/", views.one, name="one"),
    path("<slug:policy_id>/start/", views.start, name="start"),
    path("<slug:policy_id>/version/", views.version, name="version"),
]
