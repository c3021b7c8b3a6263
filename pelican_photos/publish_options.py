"""What a person asks of a publish."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of ``invoke publish``, but for the answer to its questions."""

    dry_run: bool = False  # only read
    delete: bool = False  # also delete what the site no longer has
    originals_only: bool = False
    overwrite: bool = False  # whatever another machine, or another site, has put there
