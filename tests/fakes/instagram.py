"""A fake Instagram: a real proxy on loopback, which unmodified Instaloader 4.16 believes.

    with FakeInstagram(sample_profile(count=40)) as instagram:
        session = instagram.session_file(tmp_path)
        instagram.inject(Fault("429", api=3))
        subprocess.run([...], env={**os.environ, **instagram.environ})
        assert instagram.count("api") == 3

It holds everything in memory and writes only its authority's certificate, in a
folder of its own.  It may be asked from several threads and processes at once.
"""

import hashlib
import pickle
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, parse_qs

from fakes.instagram_answers import (
    NAMES,
    Answer,
    Question,
    World,
    answer,
    as_json,
    not_found,
    page,
)
from fakes.instagram_authority import make_authority
from fakes.instagram_faults import Fault, Faults, Request
from fakes.instagram_posts import SOMEONE, Account, FakePost
from fakes.instagram_questions import query_of, question_name
from fakes.instagram_sample import FakeProfile, sample_profile
from fakes.instagram_wire import LOGIN, Wire, spoilt

__all__ = ["FakeInstagram", "FakeProfile", "Fault", "sample_profile"]

TWO_DAYS = 172_800  # seconds; about what Instagram gives an address


class FakeInstagram:
    """Instagram, as far as an importer sees it; a context manager that serves while open.

    ``account`` is whose session ``session_file`` makes.  These may be changed
    at any time: ``profiles`` and their posts; ``logged_out``, when the session
    has expired; ``deleted``, codes that only the timeline still shows;
    ``stale``, codes whose addresses have expired in the timeline and are fresh
    in a single post; ``saved``, what the account has saved; ``shares``, the
    tokens of share links and where they lead.
    """

    def __init__(self, *profiles: FakeProfile, account: Account = SOMEONE) -> None:
        self.profiles = list(profiles) or [sample_profile()]
        self.account = account
        self.logged_out = False
        self.deleted: set[str] = set()
        self.stale: set[str] = set()
        self.saved: list[FakePost] = []
        self.shares: dict[str, str] = {}
        self.requests: list[Request] = []
        self._faults = Faults()
        self._generation = 0  # of addresses; older ones have expired
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="fake-instagram-")

    def __enter__(self) -> Self:
        self.authority, certificate = make_authority(Path(self._folder.name))
        self._wire = Wire(str(certificate), self._respond)
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.stop()
        self._folder.cleanup()
        assert not self._wire.broken, "".join(self._wire.broken)

    @property
    def profile(self) -> FakeProfile:
        return self.profiles[0]

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs in its environment to come here instead."""
        proxy = f"http://127.0.0.1:{self._wire.server_address[1]}"
        trust = str(self.authority)
        return {
            **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy),
            **dict.fromkeys(("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"), ""),
            "XDG_CONFIG_HOME": self._folder.name,  # nobody's own sessions
            **dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), trust),
        }

    @property
    def own_place(self) -> Path:
        """Where Instaloader looks for sessions of its own accord."""
        return Path(self._folder.name, "instaloader")

    def session_file(self, folder: Path | None = None) -> Path:
        """Write what ``instaloader --load-cookies`` leaves, by default in the fake's folder."""
        folder = folder or Path(self._folder.name)
        folder.mkdir(exist_ok=True)
        path = folder / f"session-{self.account.username}"
        path.write_bytes(pickle.dumps(self.cookies))
        path.chmod(0o600)
        return path

    @property
    def cookies(self) -> dict[str, str]:
        return {
            "sessionid": f"{self.account.pk}%3Asecret%3A1",
            "ds_user_id": self.account.pk,
            "csrftoken": "csrf-token",
            "mid": "Zmid",
            "ig_did": "11111111-2222-3333-4444-555555555555",
        }

    def inject(self, *faults: Fault) -> None:
        self._faults.inject(*faults)

    def mend(self) -> None:
        """Forget every fault, and every request so far."""
        self._faults.clear()
        with self._lock:
            self.requests.clear()

    def expire(self) -> None:
        """End the life of every address given so far."""
        with self._lock:
            self._generation += 1

    def count(self, kind: str = "", part: str = "") -> int:
        """Count requests: "api" or "cdn", and those that hold a text."""
        with self._lock:
            return sum(
                (not kind or request.kind == kind) and request.holds(part)
                for request in self.requests
            )

    def names(self) -> list[str]:
        """What was asked so far, downloads left out: "own profile", "timeline"…"""
        with self._lock:
            return [request.name for request in self.requests if request.kind == "api"]

    def wait_for_stall(self, seconds: float = 30) -> bool:
        """Wait until a "stall" has struck: a download hangs half-way, to be killed."""
        struck = self._wire.stalled.wait(seconds)
        self._wire.stalled.clear()
        return struck

    def bytes_of(self, name: str) -> bytes | None:
        for profile in self.profiles:
            for post in profile.posts:
                if make := post.files.get(name) or post.previews.get(name):
                    return make()
        return None

    def node_of(self, post: FakePost) -> dict[str, Any]:
        """Give a post as an answer of now has it, with addresses that work."""
        return World(self.profiles, self._sign, frozenset()).signed(post.media, post.code)

    def _respond(
        self, method: str, address: SplitResult, form: dict[str, str], headers: dict[str, str]
    ) -> tuple[Answer, Fault | None]:
        request = self._record(method, address, form, headers)
        fault = self._faults.strike(request)
        good = (
            self._download(address)
            if request.kind == "cdn"
            else self._ask(request, address, form, headers)
        )
        return (spoilt(fault, good), fault) if fault else (good, None)

    def _record(self, method, address, form, headers) -> Request:
        api = address.hostname in ("www.instagram.com", "i.instagram.com", "instagram.com")
        kind = "api" if api else "cdn"
        name = question_name(method, address, form) if api else "download"
        with self._lock:
            request = Request(
                kind=kind,
                number=1 + sum(earlier.kind == kind for earlier in self.requests),
                name=name,
                method=method,
                address=address.geturl(),
                form=form,
                headers=headers,
            )
            self.requests.append(request)
        return request

    def _ask(self, request, address, form, headers) -> Answer:
        cookies = _cookies(headers)
        ours = cookies.get("sessionid") == self.cookies["sessionid"]
        bearer = headers.get("authorization", "").startswith("Bearer IGT:2:")
        viewer = None if self.logged_out or not (ours or bearer) else self.account
        if self.logged_out and (ours or bearer) and request.name != "own profile":
            return Answer(302, b"", "text/html", (("Location", LOGIN),))
        refusal = _refusal(request, form, headers, cookies, viewer)
        if refusal is not None:
            return refusal
        question = Question(name=request.name, variables=query_of(address, form), viewer=viewer)
        deleted = frozenset(self.deleted)
        world = World(self.profiles, self._sign, deleted, self.saved, self.shares)
        return answer(question, world)

    def _sign(self, name: str, code: str) -> str:
        """Give a file an address; ``code`` is the post's, when a timeline asks."""
        life = -60 if code in self.stale else TWO_DAYS
        until = int(time.time()) + life
        return (
            f"https://scontent.cdninstagram.com/v/t51.2885-15/{name}?stp=dst-jpg_e35"
            f"&_nc_cat=100&_nc_gid={self._generation}&oh={_signature(name, until)}&oe={until:X}"
        )

    def _download(self, address: SplitResult) -> Answer:
        name = address.path.rpartition("/")[2]
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        body = self.bytes_of(name)
        if body is None:
            return page(status=404)
        until = int(query.get("oe", "0"), 16)
        good = query.get("oh") == _signature(name, until) and until > time.time()
        if not good or query.get("_nc_gid") != str(self._generation):
            return Answer(403, b"URL signature expired", "text/plain")
        return Answer(200, body, "video/mp4" if name.endswith(".mp4") else "image/jpeg")


def _refusal(request, form, headers, cookies, viewer) -> Answer | None:
    """Refuse what the web app would not send, so that a careless client shows."""
    if "doc_id" not in form:
        return None
    if form["doc_id"] not in NAMES:
        return as_json({"message": "feedback_required", "status": "fail"}, status=400)
    web_api = "/api/graphql" in request.address
    tokens = {"lsd": "lsd-token"} | ({"fb_dtsg": "dtsg-token"} if viewer else {})
    if web_api and any(form.get(name) != value for name, value in tokens.items()):
        return as_json({"message": "missing tokens", "status": "fail"}, status=400)
    if not cookies.get("csrftoken") or headers.get("x-csrftoken") != cookies["csrftoken"]:
        return as_json({"message": "CSRF token missing", "status": "fail"}, status=403)
    if viewer is None and NAMES[form["doc_id"]] in ("timeline", "profile details"):
        return not_found()
    return None


def _signature(name: str, until: int) -> str:
    return hashlib.sha256(f"{name} {until}".encode()).hexdigest()[:16]


def _cookies(headers: dict[str, str]) -> dict[str, str]:
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    return {name: value for name, _, value in pairs}
