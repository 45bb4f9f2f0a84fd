"""Addresses of rosters and screenings."""

from django.urls import path

from . import entering, people, rosters, screenings

app_name = "clerk"
urlpatterns = [
    path("rosters/", rosters.listing, name="rosters"),
    path("rosters/upload/", rosters.upload, name="upload"),
    path("rosters/<int:file_id>/", rosters.one, name="roster"),
    path("rosters/<int:file_id>/kind/", rosters.say_what_it_is, name="roster-kind"),
    path("rosters/<int:file_id>/enter/", entering.enter, name="roster-enter"),
    path("screenings/", screenings.listing, name="screenings"),
    path("screenings/new/", screenings.ask, name="ask-screening"),
    path("screenings/<int:screening_id>/", screenings.one, name="screening"),
    path("screenings/<int:screening_id>/progress/", screenings.progress, name="screening-progress"),
    path("screenings/<int:screening_id>/search/", screenings.search, name="screening-search"),
    path("screenings/<int:screening_id>/list.xlsx", screenings.export, name="screening-export"),
    path("screenings/<int:screening_id>/files/<str:name>", screenings.download, name="screening-file"),
    path("screenings/<int:screening_id>/people/<int:number>/", people.sheet, name="person"),
    path("screenings/<int:screening_id>/people/<int:number>/identity/", people.unmask, name="unmask"),
]
