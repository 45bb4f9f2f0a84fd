"""Addresses under /policies/, open to everybody."""

from django.urls import path

from . import views

app_name = "policies"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:policy_id>/", views.document, name="document"),
]
