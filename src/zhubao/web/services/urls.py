"""Addresses of the services people may use from home."""

from django.urls import path

from . import menu, requests, subjects

app_name = "services"
urlpatterns = [
    path("", menu.menu, name="menu"),
    path("ask/<slug:service>/", menu.ask_for, name="ask"),
    path("withdraw/<int:request_id>/", menu.withdraw_own, name="withdraw"),
    path("requests/", requests.listing, name="requests"),
    path("requests/record/", requests.record, name="record"),
    path("requests/<int:request_id>/", requests.one, name="one"),
    path("requests/<int:request_id>/steps/<str:verb>/", requests.step, name="step"),
    path("use/", requests.use, name="use"),
]
__all__ = ["app_name", "subjects", "urlpatterns"]
