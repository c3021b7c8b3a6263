"""What a person asks of a publish."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of ``invoke publish``, but for the answer to its questions."""

    dry_run: bool = False  # only read
    delete: bool = False  # also delete what the site no longer has
    originals_only: bool = False
    overwrite: bool = False  # whatever another machine, or another site, has put there
    take_over: bool = False  # from a publish of another machine that has died


@dataclass(frozen=True, slots=True, kw_only=True)
class PullOptions:
    """The options of ``invoke pull``."""

    dry_run: bool = False  # say what would be fetched
    verify: bool = False  # say where machine and bucket differ

    @property
    def changes_nothing(self) -> bool:
        """Whether it is only looked."""
        return self.dry_run or self.verify
