"""Addresses of the registry of banks."""

from django.urls import path

from . import views

app_name = "banks"
urlpatterns = [
    path("", views.listing, name="all"),
    path("choose/", views.choose, name="choose"),
    path("<int:bank_id>/", views.one, name="bank"),
    path("<int:bank_id>/cooperation/", views.cooperate, name="cooperate"),
    path("<int:bank_id>/cooperation/<int:cooperation_id>/end/", views.end, name="end"),
    path("<int:bank_id>/cooperation/<int:cooperation_id>/review/<int:version_id>/", views.review, name="review"),
    path("<int:bank_id>/offer/", views.offer, name="offer"),
]
