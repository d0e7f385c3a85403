"""The one exception of the launcher."""


class LaunchError(Exception):
    """The start cannot go on. The text is one line that says what to do; no traceback is shown."""
