"""The Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, styles and the catalogue of translations."""

    name = "zhubao.web"

    def ready(self) -> None:
        """Compile catalogues that changed, before the first sentence is translated."""
        from zhubao.config.translations import compile_stale

        compile_stale()
