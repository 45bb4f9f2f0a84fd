"""Addresses under /bank/."""

from django.urls import path

from . import views

app_name = "bank"
urlpatterns = [
    path("candidates/", views.candidates, name="candidates"),
    path("candidates/template.xlsx", views.template, name="candidates-template"),
]
