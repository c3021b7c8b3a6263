"""A set-up made and mended, on servers that know all of it, and on one that knows nothing."""

import json
from dataclasses import replace

import pytest

from fakes.aws_owner import ACCOUNT, LAYOUT, Owner
from fakes.cloudfront import FakeCloudFront
from fakes.s3 import Fault
from fakes.s3_servers import needs
from pelican_photos.errors import PublishError, SettingsError
from pelican_photos.publish.infrastructure import steps_of
from pelican_photos.publish.private import MANIFEST
from pelican_photos.publish.program import program_of
from pelican_photos.publish.provision import State

pytestmark = needs("administration")


@pytest.fixture
def aws(server):
    server.beside = FakeCloudFront()
    return server.beside


@pytest.fixture
def owner(server, aws, clients):
    return Owner(server, clients)


def test_everything_is_made_once_and_the_second_run_changes_nothing(owner, aws):
    assert len(owner.apply()) == 19
    policy = json.loads(owner.s3.get_bucket_policy(Bucket="my-site")["Policy"])
    arn = f"arn:aws:cloudfront::{ACCOUNT}:distribution/{aws.identity('distribution')}"
    assert policy["Statement"][0]["Condition"] == {"StringEquals": {"AWS:SourceArn": arn}}

    assert owner.apply() == []

    assert owner.writes() == []


@pytest.mark.parametrize("exists", [False, True])
def test_the_printed_program_makes_the_same(owner, aws, monkeypatch, exists):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", owner.server.url)
    if exists:
        owner.apply()
        owner.layout = replace(LAYOUT, distribution=aws.identity("distribution"))
        aws.damage("distribution", "redirect-to-https", "allow-all")
        aws.functions.clear()
        for kind in ("origin-access-control", "cache-policy"):
            del aws.documents[aws.identity(kind)]
        for name in ("my-originals", "my-site"):
            owner.s3.delete_bucket(Bucket=name)

    exec(program_of(list(steps_of(owner.layout)), region="eu-central-1"), {})

    assert owner.apply() == []
    assert all(each.state is State.IN_PLACE for each in owner.taken)


def test_a_part_of_a_bucket_that_is_missing_is_made_again(owner):
    owner.apply()
    owner.s3.delete_public_access_block(Bucket="my-site")
    owner.s3.delete_bucket_ownership_controls(Bucket="my-originals")
    owner.s3.delete_bucket_lifecycle(Bucket="my-site")
    owner.s3.delete_bucket_policy(Bucket="my-originals")
    suspended = {"Status": "Suspended"}
    owner.s3.put_bucket_versioning(Bucket="my-site", VersioningConfiguration=suspended)

    assert owner.apply() == [
        "my-site: block public access",
        "my-site: keep old versions",
        "my-site: let old versions go after 90 days",
        "my-originals: switch ACLs off",
        "my-originals: only the CDN reads it, and never what is private",
    ]
    assert len(owner.writes()) == 5
    assert owner.apply() == []


def test_a_part_of_the_cdn_that_was_changed_is_mended(owner, aws):
    owner.apply()
    aws.damage("distribution", "redirect-to-https", "allow-all")
    aws.damage("distribution", "<Compress>true", "<Compress>false")
    aws.damage("distribution", "<ErrorCode>403", "<ErrorCode>500")
    aws.damage("cache-policy", "<MinTTL>0", "<MinTTL>60")
    aws.damage("origin-access-control", "always", "never")
    [function] = aws.functions.values()
    code = function.code["LIVE"]
    function.code = dict.fromkeys(function.code, b"function handler() {}")

    assert len(owner.apply()) == 5

    way = "DefaultCacheBehavior"
    assert owner.wrong() == [
        f"{way}.ViewerProtocolPolicy, {way}.Compress, CustomErrorResponses",
        "FunctionCode",
        "MinTTL",
        "SigningBehavior",
    ]
    assert function.code["LIVE"] == code
    assert owner.apply() == []


def test_what_somebody_else_set_stays(owner, aws):
    owner.apply()
    policy = json.loads(owner.s3.get_bucket_policy(Bucket="my-site")["Policy"])
    theirs = {"Sid": "Mine", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObjectAcl"}
    theirs["Resource"] = "arn:aws:s3:::my-site/*"
    changed = {**policy, "Statement": [theirs, *policy["Statement"][:2]]}
    owner.s3.put_bucket_policy(Bucket="my-site", Policy=json.dumps(changed))
    aws.damage("distribution", "<CNAME>", "<CNAME>old.example.org</CNAME><CNAME>")
    aws.damage("distribution", "<Compress>true", "<Compress>false")

    owner.apply()

    after = json.loads(owner.s3.get_bucket_policy(Bucket="my-site")["Policy"])
    assert [each["Sid"] for each in after["Statement"]] == [
        *("Mine", "CDNReadsSite", "CDNNeverReadsPrivate", "TLSOnly")
    ]
    hosts = aws.documents[aws.identity("distribution")].config
    assert "old.example.org" in hosts
    assert LAYOUT.domain in hosts


def test_a_run_that_broke_off_is_completed(owner, server):
    server.faults.append(
        Fault(
            lambda each: each.method == "POST" and "/function" in each.path,
            "403 Forbidden",
            "AccessDenied",
        )
    )
    with pytest.raises(PublishError, match=r"^CDN: a folder is its index\.html: .*denied"):
        owner.apply()
    server.faults.clear()

    assert len(owner.apply()) == 5  # function, its use, distribution, two policies
    assert owner.apply() == []


def test_a_bucket_of_somebody_else_is_refused(owner, server):
    server.faults.append(Fault(lambda each: each.method == "HEAD", "403 Forbidden"))

    with pytest.raises(PublishError, match="'my-site' belongs to somebody else"):
        owner.apply()

    assert owner.writes() == []
    assert server.requests[0].headers["x-amz-expected-bucket-owner"] == ACCOUNT


@pytest.mark.parametrize("ours", [False, True])
def test_files_that_no_publish_put_there_are_said_before_the_cdn_serves_them(owner, server, ours):
    owner.apply()
    server.put("my-site", "taxes.pdf", b"private")
    if ours:
        server.put("my-site", MANIFEST, b"")

    assert owner.apply() == []

    said = [each.what for each in owner.taken if "the CDN will serve them" in each.what]
    assert len(said) == (not ours)


def test_another_server_gets_what_it_knows(owner):
    owner.layout = replace(LAYOUT, with_cdn=False, with_tls=False)

    assert len(owner.apply()) == 8  # two buckets: made, blocked, with versions, with a rule
    assert owner.apply() == []


def test_a_server_that_says_yes_to_everything_is_told_nothing(owner, server):
    owner.layout = replace(LAYOUT, with_cdn=False)
    server.answer_all = b"<Answer/>"

    assert owner.apply() == []

    assert owner.writes() == []
    assert [each.state for each in owner.taken].count(State.NOT_HERE) == 8


def test_a_region_that_is_not_the_buckets_is_named(owner):
    owner.apply()
    owner.layout = replace(LAYOUT, region="eu-west-1")

    with pytest.raises(SettingsError, match="lies in eu-central-1"):
        owner.apply()
