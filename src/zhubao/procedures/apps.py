"""The Django app, so that background work in `jobs` is found."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Procedures across apps; it has no tables."""

    name = "zhubao.procedures"
