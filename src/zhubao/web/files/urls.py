"""Addresses of files between offices."""

from django.urls import path

from . import views

app_name = "files"
urlpatterns = [
    path("", views.listing, name="all"),
    path("upload/", views.upload, name="upload"),
    path("<int:file_id>/", views.one, name="file"),
    path("<int:file_id>/take/", views.take, name="take"),
    path("<int:file_id>/sha256/", views.hash_beside, name="hash"),
    path("<int:file_id>/answer/", views.answer, name="answer"),
]
