"""The application a WSGI server runs."""

import gc
import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from .secret import create_secret_key

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhubao.config.settings")
create_secret_key()
application = get_wsgi_application()


def prepare() -> None:
    """Read views, catalogues and templates before the first question comes, so that nobody waits for them."""
    from django.conf import settings
    from django.template import engines
    from django.urls import get_resolver
    from django.utils import translation

    _ = get_resolver().url_patterns
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext(language)
    for engine in engines.all():
        for folder in map(Path, engine.template_dirs):
            for page in sorted(folder.rglob("*.html")):
                engine.get_template(page.relative_to(folder).as_posix())
    # What was read stays for good: the collector need not walk through it again during a question.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5000, 20, 50)


prepare()
