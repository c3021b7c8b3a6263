"""What Instagram answers: one function for each question that Instaloader 4.16 asks.

Everything here is as the client sees it in July to October 2026: which query
has which ``query_hash`` or ``doc_id``, and at which nesting its answer lies.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fakes.instagram_posts import Account, FakePost, stub_of
from fakes.instagram_sample import FakeProfile

PAGE = 12
COMMENTS_PAGE = 10  # of the endpoint for phones

NAMES = {
    "d6f4427fbe92d846298cf93df0b937d3": "own profile",
    "97b41c52301f77ce508f55e66d17620e": "comments",
    "51fdd02b67508306ad4484ff574a0b62": "answers",
    "27937681195819736": "profile details",
    "29104886249145907": "timeline",
    "28904005159232689": "anonymous timeline",
    "27128499623469141": "single post",
    "f883d95537fbcd400f466f63d42bd8a1": "saved",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response; ``sign`` makes addresses of the ``cdn:`` names in its JSON."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request, understood: who asks what about which part of the world."""

    name: str
    variables: dict[str, Any]  # of a query, or the arguments of an address
    viewer: Account | None  # None when anonymous


@dataclass(frozen=True, slots=True)
class World:
    """What there is to ask about, and how addresses are signed."""

    profiles: Sequence[FakeProfile]
    sign: Callable[[str, str], str]  # (file name, the post's code or "") → address
    deleted: frozenset[str]  # codes that only the timeline still shows
    saved: Sequence[FakePost] = ()  # by whose session it is, the last saved first
    shares: Mapping[str, str] = field(default_factory=dict)  # where each share link leads

    def profile(self, username: str) -> FakeProfile | None:
        return next((p for p in self.profiles if p.account.username == username.lower()), None)

    def post(self, code: str) -> FakePost | None:
        return next((post for p in self.profiles if (post := p.post(code))), None)

    def post_by_pk(self, pk: str) -> FakePost | None:
        return next((q for p in self.profiles for q in p.posts if q.media["pk"] == pk), None)

    def signed(self, value: Any, code: str = "") -> Any:
        """Copy JSON with an address for each ``cdn:`` name."""
        if isinstance(value, dict):
            return {key: self.signed(item, code) for key, item in value.items()}
        if isinstance(value, list):
            return [self.signed(item, code) for item in value]
        if isinstance(value, str) and value.startswith("cdn:"):
            return self.sign(value.removeprefix("cdn:"), code)
        return value


def answer(question: Question, world: World) -> Answer:
    """Answer a question that nothing has gone wrong with."""
    known = _ANSWERS.get(question.name)
    return known(question, world) if known else not_found()


def not_found() -> Answer:
    return as_json({"message": "not found", "status": "fail"}, status=404)


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode())


def page(*results: dict[str, Any], extra: str = "", status: int = 200) -> Answer:
    """Render an HTML page that embeds the results of its queries, as www.instagram.com does."""
    scripts = "".join(
        '<script type="application/json" data-sjs>'
        + json.dumps({"require": [[{"__bbox": {"result": {"data": data}}}]]}).replace(
            "<", "\\u003c"
        )
        + "</script>\n"
        for data in results
    )
    html = f"<!DOCTYPE html><html><head>{extra}</head><body>{scripts}</body></html>"
    return Answer(status, html.encode(), "text/html; charset=utf-8")


def _start_page(question: Question, world: World) -> Answer:
    tokens = '["LSD",[],{"token":"lsd-token"},1]'
    if question.viewer:
        tokens += ',["DTSGInitialData",[],{"token":"dtsg-token"},2]'
    viewer = question.viewer.pk if question.viewer else "0"
    answered = page(extra=f'<script>[{tokens}];{{"IG_USER_EIMU":"{viewer}"}}</script>')
    cookie = ("Set-Cookie", "csrftoken=csrf-token; Domain=.instagram.com; Path=/; Secure")
    return Answer(answered.status, answered.body, answered.kind, (cookie,))


def _profile_page(question: Question, world: World) -> Answer:
    """The page as a logged-out visitor sees it, whoever asks; its "id" is not the user's."""
    profile = world.profile(question.variables["username"])
    if profile is None:
        return page(status=404)
    relay = f"relay-{profile.account.pk}"
    counts = {"all_media_count": len(profile.posts), "follower_count": 3, "biography": "Hello"}
    user = {**profile.account.user(), **counts, "is_private": profile.private, "id": relay}
    if profile.hides_count:
        del user["all_media_count"]
    edges = [] if profile.private else profile.posts
    timeline = {"id": relay, "polaris_ordered_timeline_connection": _codes(edges, None)}
    return page({"xig_user_by_username": world.signed(user)}, {"xig_user_by_username": timeline})


def _own_profile(question: Question, world: World) -> Answer:
    user = question.viewer and {"id": question.viewer.pk, "username": question.viewer.username}
    return as_json({"data": {"user": user}, "status": "ok"})


def _profile_details(question: Question, world: World) -> Answer:
    wanted = question.variables["id"]
    profile = next((p for p in world.profiles if p.account.pk == wanted), None)
    if profile is None or question.viewer is None:
        return as_json({"data": {"user": None}, "status": "ok"})
    friendship = {"following": profile.followed, "followed_by": False, "blocking": False}
    counts = {"media_count": len(profile.posts), "follower_count": 3, "following_count": 4}
    user = {**profile.account.user(), **counts, "biography": "Hello", "is_private": profile.private}
    user |= {"friendship_status": friendship}
    if profile.hides_count:
        del user["media_count"]
    return as_json({"data": {"user": world.signed(user)}, "status": "ok"})


def _timeline(question: Question, world: World) -> Answer:
    profile = world.profile(question.variables["username"])
    posts = profile.posts if profile and _shown(profile, question.viewer) else []
    chosen, info = _slice(posts, question.variables.get("after"))
    edges = [{"node": world.signed(post.media, post.code), "cursor": ""} for post in chosen]
    connection = {"edges": edges, "page_info": info}
    return as_json({"data": {"xdt_api__v1__feed__user_timeline_graphql_connection": connection}})


def _anonymous_timeline(question: Question, world: World) -> Answer:
    wanted = question.variables["id"].removeprefix("relay-")
    profile = next((p for p in world.profiles if p.account.pk == wanted), None)
    posts = [] if profile is None or profile.private else profile.posts
    node = {"polaris_ordered_timeline_connection": _codes(posts, question.variables.get("after"))}
    return as_json({"data": {"node": node}})


def _single_post(question: Question, world: World) -> Answer:
    post = world.post(question.variables["shortcode"])
    shown = any(
        _shown(profile, question.viewer) for profile in world.profiles if post in profile.posts
    )
    if post is None or post.code in world.deleted or not shown:
        return as_json({"data": {"xdt_api__v1__media__shortcode__web_info": None}, "status": "ok"})
    items = [world.signed(post.media)]
    data = {"xdt_api__v1__media__shortcode__web_info": {"items": items}}
    return as_json({"data": data, "status": "ok"})


def _saved(question: Question, world: World) -> Answer:
    if question.viewer is None or question.variables["id"] not in (
        question.viewer.pk,
        int(question.viewer.pk),
    ):
        return as_json({"data": {"user": None}, "status": "ok"})
    chosen, info = _slice(world.saved, question.variables.get("after"))
    edges = [{"node": world.signed(stub_of(post), post.code)} for post in chosen]
    connection = {"count": len(world.saved), "page_info": info, "edges": edges}
    return as_json({"data": {"user": {"edge_saved_media": connection}}, "status": "ok"})


def _share(question: Question, world: World) -> Answer:
    """Send on; a place that begins with "<" is a page that is shown instead."""
    place = world.shares.get(question.variables["token"])
    if place is None:
        return page(status=404)
    if place.startswith("<"):
        return page(extra=place)
    return Answer(302, b"", "text/html", (("Location", place),))


def _web_profile_info(question: Question, world: World) -> Answer:
    profile = world.profile(question.variables["username"])
    if profile is None:
        return not_found()
    counts = {"edge_owner_to_timeline_media": {"count": len(profile.posts)}}
    user = {**profile.account.user(), **counts, "edge_followed_by": {"count": 3}}
    return as_json({"data": {"user": world.signed(user)}, "status": "ok"})


def _media_info(question: Question, world: World) -> Answer:
    post = world.post_by_pk(question.variables["pk"])
    if post is None:
        return not_found()
    return as_json({"items": [world.signed(post.media)], "status": "ok"})


def _comments(question: Question, world: World) -> Answer:
    post = world.post(question.variables["shortcode"])
    if post is None or question.viewer is None:
        return as_json({"data": {"shortcode_media": None}, "status": "ok"})
    edges = [{"node": _comment_node(comment)} for comment in post.comments[:PAGE]]
    media = {"edge_media_to_parent_comment": _connection(edges, len(post.comments))}
    return as_json({"data": {"shortcode_media": media}, "status": "ok"})


def _answers(question: Question, world: World) -> Answer:
    comment = _comment(world, question.variables["comment_id"])
    edges = [{"node": _comment_node(answer)} for answer in comment["answers"]]
    threads = {"edge_threaded_comments": _connection(edges, len(edges))}
    return as_json({"data": {"comment": threads}, "status": "ok"})


def _phone_comments(question: Question, world: World) -> Answer:
    post = world.post_by_pk(question.variables["pk"])
    if post is None or question.viewer is None:
        return as_json({"message": "login_required", "status": "fail"}, status=403)
    start = int(question.variables.get("min_id", 0))
    chosen = post.comments[start : start + COMMENTS_PAGE]
    body: dict[str, Any] = {"comments": [_phone_comment(c) for c in chosen], "status": "ok"}
    if start + COMMENTS_PAGE < len(post.comments):
        body["next_min_id"] = str(start + COMMENTS_PAGE)
    return as_json(world.signed(body))


def _phone_answers(question: Question, world: World) -> Answer:
    comment = _comment(world, question.variables["comment"])
    answers = [_phone_comment(answer) for answer in comment["answers"]]
    return as_json(world.signed({"child_comments": answers, "status": "ok"}))


def _search(question: Question, world: World) -> Answer:
    return as_json({"users": [], "places": [], "hashtags": [], "status": "ok"})


_ANSWERS: dict[str, Callable[[Question, World], Answer]] = {
    "login page": lambda question, world: page(extra="<title>Log in</title>"),
    "start page": _start_page,
    "profile page": _profile_page,
    "own profile": _own_profile,
    "profile details": _profile_details,
    "timeline": _timeline,
    "anonymous timeline": _anonymous_timeline,
    "single post": _single_post,
    "saved": _saved,
    "share": _share,
    "web profile info": _web_profile_info,
    "media info": _media_info,
    "comments": _comments,
    "answers": _answers,
    "phone comments": _phone_comments,
    "phone answers": _phone_answers,
    "search": _search,
}


def _shown(profile: FakeProfile, viewer: Account | None) -> bool:
    return not profile.private or (
        viewer is not None and (profile.followed or viewer.pk == profile.account.pk)
    )


def _slice(posts: Sequence[FakePost], after: str | None) -> tuple[list[FakePost], dict[str, Any]]:
    """Cut a page that begins behind the cursor: the id of the last post of the page before."""
    ids = [post.media.get("id") for post in posts]
    start = ids.index(after) + 1 if after and after in ids else 0
    chosen = list(posts[start : start + PAGE])
    more = start + PAGE < len(posts)
    return chosen, {
        "end_cursor": chosen[-1].media.get("id") if chosen else None,
        "has_next_page": more,
    }


def _codes(posts: Sequence[FakePost], after: str | None) -> dict[str, Any]:
    chosen, info = _slice(posts, after)
    return {"edges": [{"node": {"code": post.code}} for post in chosen], "page_info": info}


def _connection(edges: list[dict[str, Any]], count: int) -> dict[str, Any]:
    info = {"has_next_page": False, "end_cursor": None}
    return {"count": count, "page_info": info, "edges": edges}


def _comment(world: World, pk: str) -> dict[str, Any]:
    return next(
        comment
        for profile in world.profiles
        for post in profile.posts
        for comment in post.comments
        if comment["pk"] == str(pk)
    )


def _comment_node(comment: dict[str, Any]) -> dict[str, Any]:
    """Shape a comment for the web; more than three answers are to be asked for."""
    shown = comment["answers"] if len(comment["answers"]) <= 3 else comment["answers"][:1]
    edges = [{"node": _comment_node(answer)} for answer in shown]
    owner = {"id": comment["user"]["pk"], "username": comment["user"]["username"]}
    return {
        "id": comment["pk"],
        "text": comment["text"],
        "created_at": comment["created_at"],
        "owner": {**owner, "is_verified": False},
        "edge_liked_by": {"count": comment["likes"]},
        "edge_threaded_comments": _connection(edges, len(comment["answers"])),
    }


def _phone_comment(comment: dict[str, Any]) -> dict[str, Any]:
    """Shape a comment for phones; more than one answer is to be asked for."""
    answers = comment["answers"]
    preview = [_phone_comment(answer) for answer in answers] if len(answers) == 1 else []
    return {
        "pk": comment["pk"],
        "text": comment["text"],
        "created_at": comment["created_at"],
        "comment_like_count": comment["likes"],
        "user": comment["user"],
        "child_comment_count": len(answers),
        "preview_child_comments": preview,
    }
