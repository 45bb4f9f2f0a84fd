"""Addresses of guidance, open to everybody, and of helping the uninsured."""

from django.urls import path

from . import flexible, helping, registration, subjects, views

app_name = "guidance"
urlpatterns = [
    path("", views.index, name="index"),
    path("help/", helping.listing, name="help"),
    path("help/find/", helping.find, name="find"),
    path("help/list.xlsx", helping.workbook, name="workbook"),
    path("help/<int:help_id>/", helping.one, name="one"),
    path("help/<int:help_id>/steps/<str:verb>/", helping.step, name="step"),
    path("registration/", registration.listing, name="registration"),
    path("registration/list.xlsx", registration.workbook, name="registration-workbook"),
    path("flexible/", flexible.listing, name="flexible"),
    path("flexible/list.xlsx", flexible.workbook, name="flexible-workbook"),
    path("<slug:place_id>/", views.place, name="place"),
    path("<slug:place_id>/leaflet.pdf", views.leaflet, name="leaflet"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
