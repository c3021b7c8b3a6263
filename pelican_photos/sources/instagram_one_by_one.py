"""Many single posts, asked for one after the other, past those that are gone."""

from instaloader.exceptions import QueryReturnedBadRequestException

from pelican_photos.errors import PostMissing, SourceOutdated
from pelican_photos.model import Post, Unreadable
from pelican_photos.sources.instagram import Instagram

_REFUSED = "Instagram refuses to show it (400): it was deleted, most likely"
_PATIENCE = 3  # posts refused in a row; more are no coincidence


class OneByOne:
    """Asks for posts, of which some were deleted since they were liked or saved."""

    def __init__(self, instagram: Instagram) -> None:
        self._instagram = instagram
        self._refused = 0  # in a row

    def ask(self, uid: str) -> Post | Unreadable:
        """Ask for one post.

        Raises:
            PostMissing: it is deleted or private; Instagram may say so with a plain 400.
            SourceError: Instagram refuses everything, or one post after the other.
        """
        refused, self._refused = self._refused + 1, 0
        try:
            return self._instagram.refresh(uid)
        except SourceOutdated as error:
            about_this_post = isinstance(error.__cause__, QueryReturnedBadRequestException)
            if not about_this_post or refused >= _PATIENCE:
                raise
            self._refused = refused
            raise PostMissing(_REFUSED) from error
