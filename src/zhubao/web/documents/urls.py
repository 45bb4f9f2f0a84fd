"""Addresses of printed papers."""

from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("cases/<str:number>/<slug:name>.pdf", views.of_case, name="case"),
    path("own/<str:number>/<slug:name>.pdf", views.of_own_case, name="own-case"),
    path("own/loans/<str:number>/<slug:name>.pdf", views.of_own_loan, name="own-loan"),
    path("loans/<str:number>/<slug:name>.pdf", views.of_loan, name="loan"),
    path("files/<int:envelope_id>.pdf", views.of_file, name="file"),
    path("files/<int:envelope_id>.xlsx", views.of_file_as_workbook, name="file-workbook"),
]
