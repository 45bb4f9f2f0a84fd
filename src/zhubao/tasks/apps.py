"""The tasks app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    """Due dates and work queues."""

    name = "zhubao.tasks"
    verbose_name = _("Tasks")
