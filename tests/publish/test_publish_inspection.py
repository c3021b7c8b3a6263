"""What the doctor finds in buckets and CDN: all well after `invoke bucket`, and each damage."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fakes.aws_owner import ACCOUNT, Owner
from fakes.built_site import picture_with_gps
from fakes.cloudfront import FakeCloudFront
from fakes.s3 import Fault
from fakes.s3_servers import needs
from pelican_photos.doctor import examine
from pelican_photos.doctor.bucket import judge_bucket
from pelican_photos.doctor.cdn import judge_cdn
from pelican_photos.doctor.key import judge_identity
from pelican_photos.doctor.published import judge_drift, judge_privacy
from pelican_photos.errors import PublishError
from pelican_photos.publish.facts import Fact, Heard
from pelican_photos.publish.inspection import inspect
from pelican_photos.publish.private import rendition_key

pytestmark = needs("administration")

NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def owner(server, clients, monkeypatch):
    for name in ("S3", "STS"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", server.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", "http://127.0.0.1:9")  # nobody is there
    server.beside = FakeCloudFront()
    return Owner(server, clients)


@pytest.fixture
def settings(site):
    return site.settings(
        bucket="my-originals",
        site_bucket="my-site",
        s3_region="eu-central-1",
        siteurl="https://photos.example.org",
        bucket_owner=ACCOUNT,
    )


def judged(settings):
    """Everything that is said of buckets and CDN, as (state, words)."""
    facts = inspect(settings)
    found = [each for bucket in facts.buckets for each in judge_bucket(bucket, settings, NOW)]
    return [*found, *(judge_cdn(facts.cdn, settings) if facts.cdn else ())]


def test_what_was_set_up_is_well_and_what_is_damaged_is_not(owner, settings, server):
    owner.apply()
    aws = server.beside
    settings = replace(settings, cdn_distribution=aws.identity("distribution"))

    well = judged(settings)
    asked = [each for each in server.requests if each.path.startswith("/my-")]

    assert {each.state for each in well} == {"ok"}, [str(each) for each in well]
    assert len(well) == 2 * 10 + 1
    owner.server.requests.clear()
    damage(owner)
    unwell = [each for each in judged(settings) if each.state != "ok"]
    assert all("invoke bucket --apply" in each.fix or "aws s3api" in each.fix for each in unwell)
    assert {each.state for each in unwell} == {"bad"}
    assert sorted(each.what for each in unwell) == sorted(DAMAGED)
    assert {each.method for each in asked} >= {"GET", "HEAD"}
    questions = [each for each in server.requests if each.path.startswith("/my-")]
    written = [each for each in questions if each.method not in ("GET", "HEAD")]
    assert len(written) == 8  # by the damage alone


def damage(owner):
    """Do to one bucket and to the CDN whatever can be done."""
    s3, name = owner.s3, "my-site"
    blocks = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=blocks)
    public = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    statements = [{**public, "Resource": f"arn:aws:s3:::{name}/*"}]
    policy = {"Version": "2012-10-17", "Statement": statements}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    s3.delete_bucket_ownership_controls(Bucket=name)
    by_default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [by_default]})
    suspended = {"Status": "Suspended"}
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=suspended)
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
    index = {"IndexDocument": {"Suffix": "index.html"}}
    s3.put_bucket_website(Bucket=name, WebsiteConfiguration=index)
    cors = {"CORSRules": [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["*"]}]}
    s3.put_bucket_cors(Bucket=name, CORSConfiguration=cors)
    aws = owner.server.beside
    for before, after in (
        ("redirect-to-https", "allow-all"),
        ("TLSv1.2_2021", "TLSv1"),
        ("<Compress>true", "<Compress>false"),
        ("<DefaultRootObject>index.html", "<DefaultRootObject>"),
        ("<ErrorCode>403", "<ErrorCode>500"),
        ("<Method>HEAD", "<Method>POST"),
        ("<EventType>viewer-request", "<EventType>viewer-response"),
        ("<CNAME>photos.", "<CNAME>other."),
        ("<OriginAccessControlId>", "<Nothing>"),
        ("</OriginAccessControlId>", "</Nothing>"),
        ("Object><Enabled>true", "Object><Enabled>false"),
        ("<ResponseHeadersPolicyId>", "<Nothing>"),
        ("</ResponseHeadersPolicyId>", "</Nothing>"),
    ):
        aws.damage("distribution", before, after)
    aws.damage("cache-policy", "<MinTTL>0", "<MinTTL>60")


DAMAGED = [
    "my-site does not block public access: BlockPublicPolicy",
    "the policy of my-site makes it public",
    "the statement 'Open' of my-site lets everybody in",
    "the CDN may not read my-site",
    "my-site answers without TLS as well",
    "my-site still has ACLs, which could make single objects public",
    "my-site takes keys that a writer brings along (SSE-C is allowed)",
    "my-site no longer keeps old versions: what is deleted is gone",
    "the rule 'tidy' of my-site deletes objects that are current",
    "my-site has no rule for NoncurrentVersionExpiration, AbortIncompleteMultipartUpload",
    "my-site is a website, which no CDN can keep private",
    "my-site allows PUT to other sites (CORS)",
    "it serves without TLS as well",
    "it takes TLS older than 1.2",
    "it does not compress pages",
    "its address alone is not index.html (default root object)",
    "for 403 of a bucket it does not answer 404.html with 404",
    "it passes on POST",
    "nothing makes a folder its index.html (no function)",
    "it does not answer for photos.example.org",
    "it signs nothing that it asks my-site (no OAC)",
    "it signs nothing that it asks my-originals (no OAC)",
    "it is switched off",
    "it adds no headers of security (HSTS, nosniff)",
    "it keeps pages for 60 s whatever they say (minimum TTL)",
]


def test_a_server_that_says_yes_and_nothing_leaves_everything_unknown(site, server):
    server.answer_all = b"<Answer/>"
    settings = site.settings(s3_endpoint=server.url)

    facts = inspect(settings)

    found = [each for bucket in facts.buckets for each in judge_bucket(bucket, settings, NOW)]
    found += [each for bucket in facts.buckets for each in judge_drift(bucket)]
    assert {each.state for each in found} == {"unknown"}
    assert all(each.fix for each in found)
    assert {each.heard for each in facts.buckets[0].answers.values()} == {Heard.SILENT}
    assert {each.method for each in server.requests} == {"GET", "HEAD"}


def test_what_the_key_may_not_see_is_unknown_and_names_the_action(site, server):
    settings = site.settings(s3_endpoint=server.url)
    server.faults.append(
        Fault(
            lambda each: each.method == "GET" and "list-type" not in each.query,
            "403 Forbidden",
            "AccessDenied",
        )
    )

    [first, _] = inspect(settings).buckets
    [found] = judge_bucket(first, settings, NOW)

    assert found.state == "unknown"
    assert "policy (s3:GetBucketPolicy)" in found.what
    assert "blocks (s3:GetBucketPublicAccessBlock)" in found.what
    assert "inspector" in found.fix


def test_a_question_that_a_server_does_not_know_is_no_answer(site, server):
    settings = site.settings(s3_endpoint=server.url, site_bucket="")
    known = ("versioning", "website")
    server.faults.append(
        Fault(
            lambda each: each.method == "GET" and each.query and each.query not in known,
            "501 Not Implemented",
            "NotImplemented",
        )
    )

    [facts] = inspect(settings).buckets
    found = list(judge_bucket(facts, settings, NOW))

    assert [each.state for each in found] == ["ok", "unknown", "unknown"]
    assert "not on this server: blocks, status, policy" in str(found)
    assert "no answer that says anything: versioning" in str(found)


def test_a_bucket_that_is_missing_or_somebody_elses_is_one_line(site, server):
    settings = site.settings(s3_endpoint=server.url, bucket="nowhere", bucket_owner="1")
    server.faults.append(
        Fault(lambda each: each.method == "HEAD" and "site" in each.path, "403 Forbidden")
    )

    found = [
        each for facts in inspect(settings).buckets for each in judge_bucket(facts, settings, NOW)
    ]

    assert [each.state for each in found] == ["bad", "bad"]
    assert "site is not of the account 1" in found[1].what
    assert (found[0].what, found[0].fix) == (
        "nowhere does not exist",
        "`invoke bucket --apply` makes it",
    )


def test_a_server_that_cannot_be_reached_is_one_sentence(site, server):
    with pytest.raises(PublishError, match="cannot be reached"):
        inspect(site.settings(s3_endpoint="http://127.0.0.1:9"))


def test_whose_key_it_is_is_said_and_the_key_itself_is_not(site, owner):
    facts = inspect(site.settings(site_bucket=""))

    found = list(judge_identity(facts, ""))
    stranger = list(judge_identity(facts, "210987654321"))

    root = replace(facts, identity=Fact(Heard.SAID, f"arn:aws:iam::{ACCOUNT}:root"))
    assert [each.what for each in found] == [f"a user of the account {ACCOUNT}", "it never expires"]
    assert "AKIA" not in str([*found, *stranger])
    assert "not 210987654321" in stranger[0].what
    assert next(judge_identity(root, "")).state == "bad"


def test_a_key_whose_owner_cannot_be_told_is_one_line(site, owner, server):
    server.faults.append(Fault(lambda each: each.path == "/", "403 Forbidden", "AccessDenied"))

    facts = inspect(site.settings(site_bucket=""))

    [found] = judge_identity(facts, "")
    assert found.what.startswith("whose it is cannot be told: access denied")
    assert facts.powers is None


def test_what_workers_made_is_no_strangers(run, site, server):
    run()
    settings = site.settings(s3_endpoint=server.url)
    server.put("originals", rendition_key("ab", "1.webp"), b"made by a worker")

    found = [each for facts in inspect(settings).buckets for each in judge_drift(facts)]

    assert [each.state for each in found] == ["ok", "ok"]


def test_drift_and_places_are_found_in_what_lies_there(run, site, server, settings):
    run()
    settings = site.settings(s3_endpoint=server.url)
    assert [each.state for facts in inspect(settings).buckets for each in judge_drift(facts)] == [
        "ok",
        "ok",
    ]
    server.put("site", "stranger.txt", b"?")
    server.put("site", "index.html", b"other")
    server.remove("site", "photos/feed.atom")
    server.put("originals", "photos/2024/2024-05-01-boats.jpg", picture_with_gps())

    facts = inspect(settings)

    originals, site_bucket = ([str(each) for each in judge_drift(each)] for each in facts.buckets)
    assert [line.split()[0] for line in originals] == ["bad"]
    assert [line.split()[0] for line in site_bucket] == ["bad", "bad", "unknown"]
    assert "photos/feed.atom) gone from site" in site_bucket[0]
    assert "index.html) changed by somebody else" in site_bucket[1]
    assert "stranger.txt) in site that no publish put there" in site_bucket[2]
    privacy = [str(each) for each in judge_privacy(facts.samples, keep_gps=False)]
    assert [line.split()[0] for line in privacy] == ["bad", "ok"]
    assert "2024-05-01-boats.jpg says where it was taken" in privacy[0]


def test_the_doctor_asks_all_of_it_and_writes_nothing(run, site, server):
    run()
    (site.root / "pelicanconf.py").write_text('PATH = "content"\nPLUGINS = ["pelican_photos"]\n')
    (site.root / "publishconf.py").write_text(
        f"from pelicanconf import *\nSITEURL = '{server.url}/site'\nPHOTOS_BUCKET = 'originals'\n"
        f"PHOTOS_SITE_BUCKET = 'site'\nPHOTOS_S3_ENDPOINT = '{server.url}'\n"
    )
    server.forget()

    found = list(examine(site.root))

    assert {"bucket", "policy", "outside", "published", "privacy"} <= {each.about for each in found}
    assert {each.method for each in server.requests} == {"GET", "HEAD"}
    assert all(each.fix for each in found if each.state != "ok")
