"""Where renditions are made: here, or on the cluster that the settings name."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

from pelican_photos.errors import SettingsError
from pelican_photos.rendition_making import Connect, Elsewhere
from pelican_photos.settings import Settings


def executor_of(settings: Settings, say: Callable[[str], None]) -> Connect | None:
    """Give the way to what makes renditions elsewhere; None where the threads of this machine do.

    ``say`` hears a sentence now and then, from any thread.

    Raises:
        SettingsError: a cluster is asked for, and something that it needs is not set.
    """
    if settings.executor == "threads":
        return None
    if not settings.dask_scheduler.startswith(("tcp://", "tls://")):
        found = f"is {settings.dask_scheduler!r}" if settings.dask_scheduler else "is not set"
        raise SettingsError(
            f"PHOTOS_DASK_SCHEDULER {found}, and PHOTOS_EXECUTOR is 'dask'; name the scheduler,"
            " such as 'tcp://10.0.0.5:8786'"
        )
    if not settings.bucket:
        raise SettingsError(
            "PHOTOS_EXECUTOR is 'dask', and PHOTOS_BUCKET is not set; workers read the originals"
            " there, so name it, or leave the executor at 'threads'"
        )
    if find_spec("distributed") is None:
        raise SettingsError(
            "PHOTOS_EXECUTOR is 'dask', and Dask is not installed; install"
            " 'pelican-photostream[dask]'"
        )
    return partial(_cluster, settings, say)


def _cluster(settings: Settings, say: Callable[[str], None]) -> Elsewhere:
    """Connect; a build with nothing to make loads none of this."""
    from pelican_photos.publish.cluster import Cluster  # noqa: PLC0415 - Dask and boto3 are heavy

    return Cluster(settings, say)
