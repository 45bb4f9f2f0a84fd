"""Counting the rows of every table: what a refused action must leave as it was."""

from django.apps import apps

# Sessions and the notes of who may sign in come and go by themselves.
PASSING = {"sessions.Session", "axes.AccessLog", "axes.AccessAttempt", "axes.AccessFailureLog"}


def tables(*besides: str) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table of ours and of the others that stay, without the tables named in `besides`."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.managed
        and model._meta.label not in PASSING | set(besides)
        and not model._meta.label.startswith("procrastinate")
    }
