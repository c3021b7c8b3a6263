"""``python -m pelican_photos`` is the ``photostream`` command."""

from pelican_photos.tasks import main

if __name__ == "__main__":
    main()
