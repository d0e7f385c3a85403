"""What `bin/run` and `manage.py` use with no configuration: safe on loopback, secrets kept in DATA_DIR."""

from .base import *  # noqa: F403
from .base import RUN_STATE, env

DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "*")
SECRET_KEY = env.text("SECRET_KEY", RUN_STATE.get("secret_key", "only-for-commands-while-nothing-runs-on-this-machine"))
