"""Addresses under /parameters/."""

from django.urls import path

from . import deciding, files, question_views, views

app_name = "parameters"
urlpatterns = [
    path("", views.index, name="index"),
    path("names/<str:name>/", views.history, name="history"),
    path("enter/", deciding.choose, name="choose"),
    path("enter/<str:name>/", deciding.enter, name="enter"),
    path("figures/<int:figure_id>/withdraw/", deciding.withdraw, name="withdraw"),
    path("import/", files.take_in, name="import"),
    path("export/", files.export, name="export"),
    path("questions/", question_views.questions_page, name="questions"),
    path("questions/<str:question_id>/", question_views.question, name="question"),
]
