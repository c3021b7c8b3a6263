"""The links of Instagram's data export: what somebody liked and saved."""

from datetime import datetime
from typing import NamedTuple


class Link(NamedTuple):
    """A post of somebody's, as an export names it; ``added`` is when it was liked or saved."""

    code: str
    owner: str
    added: datetime | None
