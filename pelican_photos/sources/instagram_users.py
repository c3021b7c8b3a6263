"""The people in a node: who owns it, who is tagged.  Pure.

A user name is small letters, digits, dots and underscores; upstream some are spelt with
capitals, and compare equal.  What is no user name cannot be linked to, and reads as "".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pelican_photos.model import Person
from pelican_photos.sources.loose_json import as_line, as_mapping, as_mappings, edge_nodes, overlaid

_USERNAME = re.compile(r"[a-z0-9._]{1,64}")


def owner_in(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the owner's object: ``owner`` in GraphQL, ``user`` in the mobile API, or both."""
    return overlaid(as_mapping(node.get("owner")), as_mapping(node.get("user")))


def names_in(user: Mapping[str, Any]) -> tuple[str, ...]:
    """List the names somebody goes by: the user name and the full name."""
    names = (as_line(user.get("username")), as_line(user.get("full_name")))
    return tuple(name for name in names if name)


def username_in(user: Mapping[str, Any]) -> str:
    """Give somebody's user name, in small letters."""
    name = user.get("username")
    name = name.lower() if isinstance(name, str) else ""
    return name if _USERNAME.fullmatch(name) else ""


def usernames_in(users: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """List user names, each once."""
    return tuple(dict.fromkeys(name for name in map(username_in, users) if name))


def people_in(item: Mapping[str, Any]) -> tuple[Person, ...]:
    """List who is tagged in a picture or video, each once."""
    found: dict[str, Person] = {}
    for person in _tagged(item):
        if person.username:
            found.setdefault(person.username, person)
    return tuple(found.values())


def _tagged(item: Mapping[str, Any]) -> Iterator[Person]:
    tags = as_mappings(as_mapping(item.get("usertags")).get("in"))
    for tag in tags:
        position = tag.get("position")
        x, y = position if isinstance(position, list) and len(position) == 2 else (None, None)
        yield _person(tag, x, y)
    if not tags:
        for tag in edge_nodes(item.get("edge_media_to_tagged_user")):
            yield _person(tag, tag.get("x"), tag.get("y"))


def _person(tag: Mapping[str, Any], x: object, y: object) -> Person:
    username = username_in(as_mapping(tag.get("user")))
    if isinstance(x, int | float) and isinstance(y, int | float) and 0 <= x <= 1 and 0 <= y <= 1:
        return Person(username=username, x=float(x), y=float(y))
    return Person(username=username)
