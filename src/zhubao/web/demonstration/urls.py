"""Addresses of the demonstration's months."""

from django.urls import path

from . import months

app_name = "demonstration"
urlpatterns = [
    path("", months.everything, name="months"),
    path("start/", months.start, name="start"),
    path("progress/<int:journey_id>/", months.progress, name="progress"),
    path("<str:code>/<str:month>/<slug:figure>/", months.lines, name="lines"),
]
