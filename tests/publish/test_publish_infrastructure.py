"""What a safe set-up is, as plain data: policies, templates, and the function of the CDN."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.aws_owner import CERTIFICATE, LAYOUT
from pelican_photos.errors import SettingsError
from pelican_photos.publish import policies
from pelican_photos.publish.cloudformation import template_of
from pelican_photos.publish.distribution import FOLDERS, distribution_config, new_distribution
from pelican_photos.publish.infrastructure import steps_of
from pelican_photos.publish.layout import Layout, check_layout
from pelican_photos.publish.policies import Place
from pelican_photos.publish.program import program_of
from pelican_photos.publish.reconcile import (
    differences,
    holds,
    merged,
    with_statements,
    wrong_statements,
)

ARN = policies.distribution_arn("123456789012", "E1")
PLACES = [Place(bucket="site", prefix="blog/"), Place(bucket="originals", prefix="blog/")]


def actions(policy):
    listed = [each["Action"] for each in policy["Statement"]]
    return sorted(x for each in listed for x in ([each] if isinstance(each, str) else each))


def test_who_publishes_may_do_six_things_to_what_is_theirs():
    policy = policies.publisher(PLACES, ARN)

    assert actions(policy) == [
        "cloudfront:CreateInvalidation",
        *("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject"),
        *("s3:ListBucket", "s3:PutObject"),
    ]
    listing, objects, cdn = policy["Statement"]
    assert listing["Resource"] == ["arn:aws:s3:::site", "arn:aws:s3:::originals"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["blog/*"]}}
    assert objects["Resource"] == ["arn:aws:s3:::site/blog/*", "arn:aws:s3:::originals/blog/*"]
    assert cdn["Resource"] == ARN
    assert len(actions(policies.publisher(PLACES, ""))) == 5


def test_who_keeps_may_reach_versions_as_well_and_who_inspects_only_reads():
    more = set(actions(policies.keeper(PLACES, ARN))) - set(
        actions(policies.publisher(PLACES, ARN))
    )
    looks = actions(policies.inspector(PLACES, ARN, "arn:aws:cloudfront::*:cache-policy/*"))

    assert more == {"s3:ListBucketVersions", "s3:GetObjectVersion", "s3:DeleteObjectVersion"}
    assert all(each.partition(":")[2].startswith(("Get", "List", "Simulate")) for each in looks)


def test_a_worker_reads_and_puts_nothing_but_renditions():
    policy = policies.worker(PLACES[1])

    assert actions(policy) == ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    [put] = [each for each in policy["Statement"] if each["Action"] == "s3:PutObject"]
    assert put["Resource"] == "arn:aws:s3:::originals/blog/.pelican-photos/renditions/*"


def test_the_cdn_reads_what_is_public_and_never_what_is_private():
    allow, never, plain = policies.bucket_policy(PLACES[0], ARN)["Statement"]

    assert (allow["Effect"], allow["Resource"]) == ("Allow", "arn:aws:s3:::site/blog/*")
    assert allow["Condition"] == {"StringEquals": {"AWS:SourceArn": ARN}}
    assert (never["Effect"], never["Resource"]) == (
        "Deny",
        "arn:aws:s3:::site/blog/.pelican-photos/*",
    )
    assert "Condition" not in never
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert [each["Effect"] for each in policies.bucket_policy(PLACES[0], None)["Statement"]] == [
        "Deny"
    ]


def test_nothing_that_is_current_ever_expires():
    text = json.dumps([str(step.arguments) for step in steps_of(LAYOUT)])

    assert "NoncurrentDays" in text
    assert "'Days':" not in text
    assert "Transitions" not in text


@pytest.mark.parametrize(
    ("prefix", "base", "path"),
    [("", "", ""), ("blog/", "", "/blog"), ("blog/", "/blog", ""), ("a/blog/", "/blog", "/a")],
)
def test_an_address_leads_to_its_key(prefix, base, path):
    layout = replace(LAYOUT, prefix=prefix, base=base)

    check_layout(layout)

    origins = new_distribution(layout)["Origins"]["Items"]
    assert {each["OriginPath"] for each in origins} == {path}
    pages = new_distribution(layout)["CustomErrorResponses"]["Items"]
    assert {each["ResponsePagePath"] for each in pages} == {f"{base}/404.html"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"base": "/blog"}, "PHOTOS_BUCKET_PREFIX has to end"),
        ({"base": "/blog", "prefix": "myblog/"}, "set it to 'blog'"),
        ({"domain": ""}, "go together"),
        ({"certificate": CERTIFICATE.replace("us-east-1", "eu-west-1")}, "us-east-1 alone"),
        ({"domain": "https://example.org"}, "no name of a host"),
    ],
)
def test_what_cloudfront_could_not_serve_is_refused(changes, says):
    with pytest.raises(SettingsError, match=says):
        check_layout(replace(LAYOUT, **changes))


@given(st.text("ab9.-", min_size=3, max_size=63), st.text("ab/", max_size=9))
def test_what_cloudfront_knows_by_name_has_one_that_it_takes(bucket, prefix):
    name = Layout(originals=bucket, prefix=prefix).name

    assert len(name) <= 64
    assert name.isascii()
    assert name.replace("-", "").isalnum()
    assert name != Layout(originals=bucket, prefix=f"{prefix}x").name


@pytest.mark.slow
def test_cloudformations_own_linter_finds_nothing(tmp_path):
    layouts = [
        replace(LAYOUT, site=LAYOUT.originals, certificate="", domain=""),
        replace(LAYOUT, prefix="a/blog/", base="/blog"),
        replace(LAYOUT, site="", distribution="E1EXAMPLE"),
    ]
    files = []
    for number, layout in enumerate(layouts):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(template_of(layout)))

    ended = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 0)


def test_the_template_and_the_calls_say_the_same():
    template = template_of(LAYOUT)["Resources"]
    config = template["Distribution"]["Properties"]["DistributionConfig"]

    assert config["DefaultCacheBehavior"]["AllowedMethods"] == ["GET", "HEAD"]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert [each["ResponseCode"] for each in config["CustomErrorResponses"]] == [404, 404]
    assert config["OriginGroups"]["Items"][0]["FailoverCriteria"]["StatusCodes"]["Quantity"] == 2
    assert {name for name in template if name.endswith("Policy")} == {
        *("SitePolicy", "OriginalsPolicy", "CachePolicy")
    }
    assert template["Site"]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("distribution", ["", "E1"])
@pytest.mark.parametrize("site", ["", "my-site", "my-originals"])
def test_every_layout_is_a_program_that_can_be_read(site, distribution):
    layout = replace(LAYOUT, site=site, distribution=distribution)

    program = program_of(list(steps_of(layout)), region="eu-central-1")

    compile(program, "program", "exec")
    assert max(map(len, program.splitlines())) <= 110


@pytest.mark.skipif(
    not shutil.which("node") and not os.environ.get("PHOTOS_REQUIRE_BROWSER"),
    reason="Node is not installed",
)
def test_a_folder_is_its_index_and_no_path_leads_to_another_host():
    paths = [
        *("/", "/photos/", "/photos", "/a.jpg", "//evil", "/\\evil", "/.well-known/x"),
        *("/photos//", "/a//b", "/%2Fevil"),
    ]
    script = (
        f"{FOLDERS}; const paths = {json.dumps(paths)};"
        "console.log(JSON.stringify(paths.map(uri => handler({request: {uri}}))))"
    )

    ended = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)

    found = dict(zip(paths, json.loads(ended.stdout), strict=True))
    rewritten = {path: each["uri"] for path, each in found.items() if "uri" in each}
    moved = {
        path: each["headers"]["location"]["value"]
        for path, each in found.items()
        if each.get("statusCode") == 301
    }
    assert moved == {"/photos": "/photos/", "/%2Fevil": "/%2Fevil/"}
    assert rewritten == {
        "/": "/index.html",
        "/photos/": "/photos/index.html",
        "/photos//": "/photos//index.html",
        **{path: path for path in ("/a.jpg", "//evil", "/\\evil", "/.well-known/x", "/a//b")},
    }


NAMED = st.fixed_dictionaries({"Id": st.sampled_from("abc"), "x": st.integers(0, 2)})
DOCUMENTS = st.recursive(
    st.integers(0, 2) | st.sampled_from(["", "a"]) | st.lists(NAMED, unique_by=lambda x: x["Id"]),
    lambda inner: st.dictionaries(st.sampled_from("pqr"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from("pqr"), DOCUMENTS), DOCUMENTS)
def test_what_is_laid_over_holds_and_changes_nothing_the_second_time(wanted, found):
    after = merged(found, wanted)

    assert holds(after, wanted)
    assert differences(after, wanted) == []
    assert merged(after, wanted) == after


def test_an_older_behaviour_gives_up_what_a_cache_policy_replaces():
    older = {"ForwardedValues": {"QueryString": True}, "MinTTL": 60, "Compress": False}

    assert merged(older, {"CachePolicyId": "1"}) == {"CachePolicyId": "1", "Compress": False}


def test_a_certificate_and_a_bucket_are_instead_of_what_was_there_and_not_beside_it():
    theirs = {"CloudFrontDefaultCertificate": True, "CertificateSource": "cloudfront"}
    found = {
        "ViewerCertificate": theirs,
        "Origins": {"Items": [{"Id": "my-site", "CustomOriginConfig": {"HTTPPort": 80}}]},
    }
    wanted = distribution_config(LAYOUT)

    after = merged(found, {name: wanted[name] for name in ("ViewerCertificate", "Origins")})

    assert after["ViewerCertificate"] == wanted["ViewerCertificate"]
    assert [each.keys() & {"CustomOriginConfig"} for each in after["Origins"]["Items"]] == [
        set(),
        set(),
    ]
    assert merged(found, {})["ViewerCertificate"] == theirs


@pytest.mark.parametrize(
    "added",
    [
        {"Principal": {"Service": policies.CDN, "AWS": "*"}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.1"}}},
        {"NotAction": "s3:GetObject"},
    ],
)
def test_what_was_added_to_a_statement_of_ours_goes_and_statements_of_others_stay(added):
    wanted = policies.bucket_policy(Place(bucket="photos"), "arn:1")
    ours, *rest = wanted["Statement"]
    theirs = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObjectAcl", "Resource": "*"}
    found = {"Version": "2012-10-17", "Statement": [{**ours, **added}, theirs, *rest]}

    after = with_statements(found, wanted)

    assert wrong_statements(found, wanted) == ["CDNReadsSite"]
    assert wrong_statements(after, wanted) == []
    assert after["Statement"] == [theirs, *wanted["Statement"]]
