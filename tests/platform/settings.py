"""Settings of the tests: an own home with own keys, and the database that ``GONGKAI_TEST_DATABASE`` names."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="gongkai-tests-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["GONGKAI_HOME"] = str(_home)
os.environ["GONGKAI_PROFILE"] = "demonstration"
os.environ["GONGKAI_DATABASE"] = os.environ.get("GONGKAI_TEST_DATABASE", "")
os.environ.pop("GONGKAI_KEYS", None)

from gongkai.platform.core.keys import create_keys, keys_path  # noqa: E402

create_keys(keys_path(_home))

from gongkai.platform.settings import *  # noqa: E402, F403

if not os.environ["GONGKAI_DATABASE"]:
    # In memory, as by default; said, because pytest-django knows SQLite by the name of Django's own engine.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Fast; the real one is tested by name."""
