"""Addresses of the base pages."""

from django.urls import path

from . import home, password, sign_in

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign-out"),
    path("password/", password.change, name="change-password"),
    path("choose-post/", sign_in.choose_post, name="choose-post"),
    path("language/", home.choose_language, name="choose-language"),
    path("type-size/", home.choose_type_size, name="choose-type-size"),
    path("health/", home.health, name="health"),
]
