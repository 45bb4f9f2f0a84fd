"""Addresses of the deductions from pensions."""

from django.urls import path

from . import arrears, month, panel

app_name = "deductions"
urlpatterns = [
    path("", month.month, name="month"),
    path("order/", month.order, name="order"),
    path("net/", month.net, name="net"),
    path("load/", month.load, name="load"),
    path("arrears/", arrears.listing, name="arrears"),
    path("arrears/list.xlsx", arrears.export, name="arrears-export"),
    path("arrears/<int:answer_id>/follow-up/", arrears.follow, name="follow-up"),
]
__all__ = ["app_name", "panel", "urlpatterns"]
