"""What is said of a whole feed, in either format.  Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWords:
    """The head of a feed: addresses are absolute, texts hold nothing that XML has no room for."""

    title: str
    page: str  # what it is the feed of
    address: str  # its own, without ".atom" or ".json"
    language: str
    author: tuple[str, str]  # name and address
    updated: datetime  # for a feed without items
    subtitle: str = ""
    icon: str = ""
