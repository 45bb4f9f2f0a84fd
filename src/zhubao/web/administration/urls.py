"""Addresses of the administration."""

from django.urls import path

from . import keys, organisations, people, posts

app_name = "administration"
urlpatterns = [
    path("organisations/", organisations.listing, name="organisations"),
    path("people/", people.listing, name="people"),
    path("people/<int:number>/", people.one, name="person"),
    path("people/<int:number>/password/", people.give_password, name="give-password"),
    path("people/<int:number>/close/", people.close, name="close-account"),
    path("people/<int:number>/open/", people.reopen, name="open-account"),
    path("people/<int:number>/posts/", posts.give, name="open-post"),
    path("posts/<int:number>/close/", posts.take, name="close-post"),
    path("posts/<int:number>/keys/", keys.issue, name="issue-key"),
    path("keys/<int:number>/revoke/", keys.revoke, name="revoke-key"),
]
