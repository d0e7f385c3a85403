#!/usr/bin/env python
"""Django's command line. While `bin/run` is up its commands find the same database and broker."""

import os
import sys


def main() -> None:
    """Run the command. Without a database it says in one line where one comes from."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.dev")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if os.environ.get("DATABASE_URL") or "refused" not in str(error):
            raise
        sys.exit("No database answers: start bin/run in another window, or set DATABASE_URL.")


if __name__ == "__main__":
    main()
