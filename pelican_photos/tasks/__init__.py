"""What people type: the ``invoke`` collection of a site, and the ``photostream`` command.

A site's own ``tasks.py`` is one line: ``from pelican_photos.tasks import namespace``.
Each task translates its arguments, calls one function, and prints one sentence.
"""

from invoke import Collection, Program

from pelican_photos import __version__, development
from pelican_photos.tasks.adding import add
from pelican_photos.tasks.bucket import bucket
from pelican_photos.tasks.caching import cache
from pelican_photos.tasks.commenting import hide_comment
from pelican_photos.tasks.describing import alt
from pelican_photos.tasks.doctor import doctor
from pelican_photos.tasks.forgetting import forget
from pelican_photos.tasks.importing import import_instagram
from pelican_photos.tasks.publishing import publish_site, pull
from pelican_photos.tasks.session import login
from pelican_photos.tasks.site import build, demo, serve
from pelican_photos.tasks.taking_back import purge, undo
from pelican_photos.tasks.watching import watch_instagram

namespace = Collection(
    add,
    alt,
    import_instagram,
    watch_instagram,
    login,
    forget,
    hide_comment,
    build,
    cache,
    serve,
    bucket,
    publish_site,
    pull,
    undo,
    purge,
    doctor,
    demo,
)
development.add_to(namespace)


def main() -> None:
    """Run the same tasks without a ``tasks.py``, as the ``photostream`` command."""
    Program(namespace=namespace, name="photostream", version=__version__).run()
