"""What the doctor sees as a stranger, and what it makes of policies and answers, as plain data."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.bucket_contents import a_known, a_remote
from fakes.visitors import serving_strangers
from pelican_photos.doctor.bucket import judge_bucket
from pelican_photos.doctor.key import judge_powers
from pelican_photos.doctor.outside import (
    judge_private,
    judge_redirect,
    judge_served,
    look_around,
)
from pelican_photos.doctor.policy import judge_policy
from pelican_photos.doctor.published import judge_privacy
from pelican_photos.publish.anonymous import Seen, look
from pelican_photos.publish.facts import Fact, Heard
from pelican_photos.publish.inspection import BUCKET_QUESTIONS, BucketFacts, Inspection
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.objects import Role
from pelican_photos.publish.policies import Place, bucket_policy
from pelican_photos.publish.private import MANIFEST as KEY
from pelican_photos.publish.questions import POLICY, ask
from pelican_photos.settings import Settings

ORIGINAL, UNTOUCHED = "photos/2024/boats at dusk.jpg", ".pelican-photos/originals/boats.jpg"
PAGE = a_known(etag="e1", cache_control="max-age=0")
PICTURE = a_known(
    etag="e2", content_type="image/jpeg", cache_control="max-age=9", role=Role.ORIGINAL
)
OBJECTS = {"index.html": PAGE, ORIGINAL: PICTURE}
ARN = "arn:aws:cloudfront::123456789012:distribution/E1"


def settings(**changes):
    root = Path("/site")
    return Settings(
        **{"root": root, "content": root, "output": root, "bucket": "b", "site_bucket": "b"}
        | {"cdn_distribution": "E1"}
        | changes
    )


def facts(**changes):
    listed = dict.fromkeys((*OBJECTS, KEY, UNTOUCHED), a_remote())
    plain = {"name": "b", "prefix": "", "there": Fact(Heard.SAID, "")}
    return BucketFacts(
        **plain | {"listed": listed, "manifest": Manifest(objects=OBJECTS)} | changes
    )


@pytest.fixture(scope="module")
def running():
    with serving_strangers() as stranger:
        yield stranger


@pytest.fixture
def stranger(running):
    """A bucket that lets nobody in, and a CDN that serves what was published."""
    running.parts = True
    running.answers = {
        "/cdn/index.html": (
            200,
            {"Content-Type": "text/html", "Cache-Control": "max-age=0", "ETag": 'W/"e1"'},
        ),
        "/cdn/photos/2024/boats%20at%20dusk.jpg": (
            200,
            {"Content-Type": "image/jpeg", "Cache-Control": "max-age=9", "ETag": '"e2"'},
        ),
    }
    return running


def around(stranger):
    found = Inspection(server=f"{stranger.url}/s3", buckets=[facts()])
    return list(look_around(found, settings(siteurl=f"{stranger.url}/cdn"), look))


def test_a_stranger_gets_what_is_public_and_nothing_else(stranger):
    found = around(stranger)

    assert [each.state for each in found] == ["ok"] * 7, [str(each) for each in found]


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/s3/b?list-type=2&max-keys=1", (200, {}), "the bucket b can be listed by anybody"),
        ("/s3/b/index.html", (200, {}), "the bucket b can be read by anybody"),
        (f"/cdn/{KEY}", (200, {}), f"{KEY} answers 200: visitors may have what is private"),
        (f"/cdn/{UNTOUCHED}", (200, {}), f"{UNTOUCHED} answers 200"),
        ("/cdn/index.html", (403, {}), "index.html answers 403"),
        (
            "/cdn/index.html",
            (200, {"Content-Type": "text/plain", "ETag": '"e1"', "Cache-Control": "max-age=0"}),
            "its Content-Type is 'text/plain', not 'text/html'",
        ),
    ],
)
def test_whatever_a_stranger_should_not_get_is_named_with_its_fix(stranger, path, answer, says):
    stranger.answers[path] = answer

    [wrong] = [each for each in around(stranger) if each.state != "ok"]

    assert wrong.state == "bad"
    assert says in wrong.what
    assert wrong.fix


def test_a_server_without_parts_and_one_that_is_away_are_told(stranger):
    stranger.parts = False
    away = settings(siteurl="http://127.0.0.1:9")
    found = Inspection(server="http://127.0.0.1:9", buckets=[facts()])

    nobody = list(look_around(found, away, look))

    assert [each.state for each in around(stranger)].count("unknown") == 1
    assert [each.state for each in nobody] == ["unknown", "unknown"]
    assert "refused" in nobody[0].what


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (Seen(301, {"location": "https://example.org/"}), "ok"),
        (Seen(301, {"location": "http://example.org/x"}), "bad"),
        (Seen(200, {}), "bad"),
        (Seen(problem="timed out"), "unknown"),
    ],
)
def test_an_address_without_tls_should_lead_to_one_with(seen, state):
    assert judge_redirect("https://example.org", seen).state == state


@pytest.mark.parametrize(
    ("status", "state"), [(400, "ok"), (403, "ok"), (206, "bad"), (301, "unknown")]
)
def test_a_bucket_that_refuses_what_is_not_signed_is_private(status, state):
    assert judge_private("it can be read", Seen(status, {}), "photos").state == state


def test_another_version_than_the_published_one_is_not_well():
    seen = Seen(200, {"etag": '"old"', "content-type": "text/html", "cache-control": "max-age=0"})

    assert "its ETag is 'old', not 'e1'" in judge_served("https://x", seen, PAGE).what


def ours(*more, without=""):
    policy = bucket_policy(Place(bucket="b"), ARN)
    kept = [each for each in policy["Statement"] if each["Sid"] != without]
    return {"Statement": [*kept, *more]}


ALLOW = {"Sid": "X", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
SERVICE = {"Principal": {"Service": "cloudfront.amazonaws.com"}}


@pytest.mark.parametrize(
    ("policy", "state", "says"),
    [
        (ours(), "ok", "the CDN alone may read b"),
        (ours({**ALLOW, "Principal": "*"}), "bad", "lets everybody in"),
        (ours({**ALLOW, "Principal": {"AWS": ["*"]}}), "bad", "lets everybody in"),
        (ours({**ALLOW, "Principal": {"AWS": "arn:aws:iam::1:root"}}), "unknown", "iam::1:root"),
        (ours({**ALLOW, "Principal": {"CanonicalUser": "f0"}}), "bad", "older way"),
        (ours({**ALLOW, **SERVICE}), "bad", "every distribution of the world"),
        (
            ours({**ALLOW, **SERVICE, "Condition": {"StringEquals": {"aws:SourceArn": ARN + "2"}}}),
            "bad",
            "lets in E12, which is not",
        ),
        (
            ours(
                {**ALLOW, **SERVICE, "Action": "s3:ListBucket"}
                | {"Condition": {"StringEquals": {"AWS:SourceArn": ARN}}}
            ),
            "bad",
            "lets the CDN s3:ListBucket",
        ),
        (ours(without="CDNNeverReadsPrivate"), "bad", "may read what is private"),
        (ours(without="CDNReadsSite"), "bad", "the CDN may not read b"),
        (ours(without="TLSOnly"), "bad", "without TLS as well"),
    ],
)
def test_a_policy_lets_in_nobody_but_our_cdn(policy, state, says):
    [found] = judge_policy(policy, "b", "", settings())

    assert (found.state, says in found.what) == (state, True), found
    assert found.fix or state == "ok"


class Answering:
    """A client whose bucket has a policy, whatever that is."""

    def __init__(self, text):
        self.text = text

    def get_bucket_policy(self, **_):
        return {"Policy": self.text}


WORDS = st.sampled_from(
    [
        *("*", "Allow", "Deny", "AWS", "Service", "cloudfront.amazonaws.com", "StringEquals"),
        *("Bool", "aws:SourceArn", "aws:SecureTransport", "false", "arn:aws:s3:::b/*", "x"),
        "s3:GetObject",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=5,
)
ENTRIES = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]
STATEMENTS = st.dictionaries(st.sampled_from(ENTRIES), VALUES, max_size=6)


@given(VALUES | st.lists(STATEMENTS, max_size=3))
def test_no_policy_however_odd_breaks_the_doctor(statements):
    fact = ask(Answering(json.dumps({"Statement": statements})), POLICY)

    if fact.heard is Heard.SAID:
        for found in judge_policy(fact.value, "b", "", settings()):
            assert found.fix or found.state == "ok"
    else:
        assert fact.heard is Heard.SILENT


def answers(**changes):
    none = dict.fromkeys(BUCKET_QUESTIONS, Fact(Heard.UNKNOWN))
    return {name: changes.get(name, fact) for name, fact in none.items()}


NOW = datetime(2024, 5, 12, tzinfo=UTC)
OLD_UPLOAD = {"Key": "a\x1b.jpg", "Initiated": NOW - timedelta(days=8)}
KEPT = {"NoncurrentVersionExpiration": {}, "AbortIncompleteMultipartUpload": {}}
FROZEN = {"ID": "cold", "Status": "Enabled", "Transitions": [{"StorageClass": "DEEP_ARCHIVE"}]}


@pytest.mark.parametrize(
    ("row", "value", "says"),
    [
        ("uploads", [OLD_UPLOAD], "1 broken upload, the first of a?.jpg"),
        ("lifecycle", [FROZEN | KEPT], "moves objects to DEEP_ARCHIVE"),
        ("encryption", {"Rules": []}, "does not encrypt by itself"),
        ("status", {}, "makes it public"),
    ],
)
def test_what_a_bucket_answers_is_judged(row, value, says):
    told = facts(answers=answers(**{row: Fact(Heard.SAID, value)}))

    found = [each for each in judge_bucket(told, settings(), NOW) if each.state == "bad"]

    assert [says in each.what for each in found] == [True]


def test_a_block_of_the_whole_account_counts_as_well():
    blocks = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    of_account = {**answers(blocks=Fact(Heard.NONE)), "account": Fact(Heard.SAID, blocks)}

    found = list(judge_bucket(facts(answers=of_account), settings(), NOW))

    assert str(found[0]) == "ok       bucket: b blocks public access"


def test_another_server_is_judged_by_what_it_can_have():
    everybody = {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}
    told = answers(encryption=Fact(Heard.NONE), ownership=Fact(Heard.NONE))
    told["acl"] = Fact(Heard.SAID, [everybody])
    elsewhere = settings(s3_endpoint="https://s3.example.org", cdn_distribution="")

    found = list(judge_bucket(facts(answers=told), elsewhere, NOW))

    assert [each.state for each in found] == ["bad", "unknown", "unknown"]
    assert found[0].fix.endswith("--bucket b --endpoint-url ENDPOINT --acl private")
    assert "does not encrypt by itself" in found[1].what


def test_a_bucket_in_another_region_is_named():
    told = facts(there=Fact(Heard.SAID, "eu-west-1"), answers=answers())

    [found, _] = judge_bucket(told, settings(s3_region="us-east-1"), NOW)

    assert found.fix == 'set PHOTOS_S3_REGION = "eu-west-1"'


@pytest.mark.parametrize(("decision", "state"), [("allowed", "unknown"), ("implicitDeny", "ok")])
def test_a_key_that_may_do_too_much_is_named(decision, state):
    said = [{"EvalActionName": "s3:PutBucketPolicy", "EvalDecision": decision}]

    [found] = judge_powers(Fact(Heard.SAID, said))

    assert (found.state, "s3:PutBucketPolicy" in found.what) == (state, state == "unknown")


@pytest.mark.parametrize(("size", "fix"), [(8, "`invoke publish` puts it"), (9, "a publish looks")])
def test_of_a_file_that_was_read_in_part_nothing_is_promised(size, fix):
    cut_short = b"\xff\xd8\xff\xe1\xff\xffEx"

    [finding] = judge_privacy({"a.jpg": (cut_short, size)}, keep_gps=False)

    assert finding.state == "unknown"
    assert finding.fix.startswith(fix)
