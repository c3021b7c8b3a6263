"""The moment of a build."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from pelican_photos.errors import SettingsError


def build_time(environ: Mapping[str, str] = os.environ) -> datetime:
    """Say when this build is: now, or when ``SOURCE_DATE_EPOCH`` says, so that it can be repeated.

    The variable holds seconds since 1970 (https://reproducible-builds.org/specs/source-date-epoch/).

    Raises:
        SettingsError: it does not.
    """
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise SettingsError(
            f"SOURCE_DATE_EPOCH in the environment: {epoch!r} is no number of seconds"
        ) from None
