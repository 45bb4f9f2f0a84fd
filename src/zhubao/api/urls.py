"""Addresses systems call, below ``/api/v1/``."""

from django.urls import path

from .exchange import api

urlpatterns = [path("", api.urls)]
