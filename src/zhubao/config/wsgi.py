"""The application a WSGI server runs."""

import os

from django.core.wsgi import get_wsgi_application

from .secret import create_secret_key

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhubao.config.settings")
create_secret_key()
application = get_wsgi_application()
