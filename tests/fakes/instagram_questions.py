"""Which question a request asks: its name, and its arguments."""

import json
import re
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from fakes.instagram_answers import NAMES

# Matched in order against host and path; a group's name is the argument's.
_ADDRESSES = (
    ("start page", r"www\.instagram\.com/"),
    ("login page", r"www\.instagram\.com/accounts/login/"),
    ("search", r"www\.instagram\.com/web/search/topsearch/"),
    ("web profile info", r"www\.instagram\.com/api/v1/users/web_profile_info/"),
    ("phone answers", r"i\.instagram\.com/api/v1/media/\d+/comments/(?P<comment>\d+)/child_.*"),
    ("phone comments", r"i\.instagram\.com/api/v1/media/(?P<pk>\d+)/comments/"),
    ("media info", r"i\.instagram\.com/api/v1/media/(?P<pk>\d+)/info/"),
    ("share", r"(www\.)?instagram\.com/share/(?:\w+/)?(?P<token>[\w-]+)/?"),
    ("profile page", r"www\.instagram\.com/(?P<username>[\w.]+)/"),
)


def question_name(method: str, address: SplitResult, form: dict[str, str]) -> str:
    """Name a question; "unknown" is answered with 404."""
    queries = dict(parse_qsl(address.query)) | form
    if address.path in ("/graphql/query", "/api/graphql"):
        known = queries.get("query_hash") if method == "GET" else queries.get("doc_id")
        return NAMES.get(known or "", "unknown")
    return next((name for name, _ in _matches(address)), "unknown")


def query_of(address: SplitResult, form: dict[str, str]) -> dict[str, Any]:
    """Give the arguments: the variables of a query, or what the address says."""
    queries = dict(parse_qsl(address.query)) | form
    if "variables" in queries:
        return json.loads(queries["variables"])
    return queries | next((found.groupdict() for _, found in _matches(address)), {})


def _matches(address: SplitResult):
    place = f"{address.hostname}{address.path}"
    for name, pattern in _ADDRESSES:
        if found := re.fullmatch(pattern, place):
            yield name, found
