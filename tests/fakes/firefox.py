"""A Firefox, as far as somebody sees it who looks for its cookies."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

# The columns of Firefox 115 to 145, without those that nobody reads.
_SCHEMA = """
CREATE TABLE moz_cookies (
    id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, value TEXT,
    host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER,
    isSecure INTEGER, isHttpOnly INTEGER, inBrowserElement INTEGER DEFAULT 0,
    sameSite INTEGER DEFAULT 0, schemeMap INTEGER DEFAULT 0,
    CONSTRAINT moz_uniqueid UNIQUE (name, host, path, originAttributes)
)
"""
_INSERT = """
INSERT INTO moz_cookies (name, value, host, path, expiry, isSecure, isHttpOnly)
VALUES (?, ?, ?, '/', 4102444800, 1, 1)
"""
_PROFILES = """\
[Install4F96D1932A9F858E]
Default=abcd1234.default-release
Locked=1

[Profile0]
Name=default-release
IsRelative=1
Path=abcd1234.default-release
"""


def cookies_sqlite(path: Path, *domains: tuple[str, Mapping[str, str]]) -> Path:
    """Write the cookies of some domains as Firefox keeps them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_SCHEMA)
        for domain, cookies in domains:
            add_cookies(database, domain, cookies)
    return path


def add_cookies(database: sqlite3.Connection, domain: str, cookies: Mapping[str, str]) -> None:
    database.executemany(_INSERT, [(*cookie, domain) for cookie in cookies.items()])


def install_firefox(home: Path, *domains: tuple[str, Mapping[str, str]]) -> Path:
    """Make a home in which Firefox was used; gives its file of cookies."""
    folder = home / ".mozilla" / "firefox"
    folder.mkdir(parents=True)
    (folder / "profiles.ini").write_text(_PROFILES)
    return cookies_sqlite(folder / "abcd1234.default-release" / "cookies.sqlite", *domains)
