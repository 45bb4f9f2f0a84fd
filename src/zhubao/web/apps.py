"""The Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages and styles."""

    name = "zhubao.web"
