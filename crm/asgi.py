"""The same for an ASGI server; `bin/run` and the unit files use WSGI."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.dev")
application = get_asgi_application()
