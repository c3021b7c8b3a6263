"""`invoke bucket` as a person runs it: what it prints, asks and refuses."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from fakes.cloudfront import ADDRESS, FakeCloudFront
from fakes.s3_servers import needs
from pelican_photos.bucket_command import (
    apply_layout,
    layout_of,
    show_policy,
    show_program,
    show_template,
)
from pelican_photos.errors import SettingsError
from pelican_photos.terminal import Display

pytestmark = needs("administration")


class Person:
    """Somebody with a site, whose terminal is a text."""

    def __init__(self, site, server):
        self.settings = site.settings(
            bucket="my-site", site_bucket="my-site", s3_region="eu-central-1"
        )
        self.server = server
        self.shown = io.StringIO()
        self.display = Display(Console(file=self.shown, width=60))

    def layout(self, **options):
        return layout_of(self.settings, **options)

    def apply(self, **options):
        self.shown.truncate(0)
        self.server.requests.clear()
        options = {"dry_run": False, "yes": False} | options
        return apply_layout(self.settings, self.layout(), self.display, **options)

    def wrote(self):
        """The buckets' requests that are no questions."""
        ours = [each for each in self.server.requests if "/my-site" in each.path]
        return [each for each in ours if each.method not in ("GET", "HEAD")]


@pytest.fixture
def person(site, server, monkeypatch):
    for name in ("S3", "STS"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", server.url)
    server.beside = FakeCloudFront()
    return Person(site, server)


def test_it_asks_says_each_step_and_what_is_left_to_do(person):
    assert not person.apply()  # without a terminal the answer is no
    assert "Take these 12 steps? Not without --yes." in person.shown.getvalue()
    assert person.apply(dry_run=True)
    assert "12 steps to take, of which none was taken" in person.shown.getvalue()
    assert person.wrote() == []

    assert person.apply(yes=True)

    said = person.shown.getvalue()
    assert "done               my-site: block public access" in said
    assert 'Write PHOTOS_CDN_DISTRIBUTION = "E' in said
    assert f'Either write SITEURL = "https://{ADDRESS}"' in said
    assert person.apply()
    assert "Everything was in place already" in person.shown.getvalue()


def test_a_key_of_another_account_changes_nothing(person):
    person.settings = replace(person.settings, bucket_owner="210987654321")

    with pytest.raises(SettingsError, match="but the key in use is of the account 123456789012"):
        person.apply(yes=True)

    assert person.wrote() == []


@pytest.mark.parametrize(("role", "number"), [("publisher", 6), ("keeper", 9)])
def test_a_policy_is_json_and_nothing_else(person, role, number):
    person.settings = replace(person.settings, cdn_distribution="E1", bucket_owner="123456789012")

    show_policy(person.layout(), role, person.display)

    statements = json.loads(person.shown.getvalue())["Statement"]
    actions = [each["Action"] for each in statements]
    assert sum(len(each) if isinstance(each, list) else 1 for each in actions) == number
    assert statements[-1]["Resource"] == "arn:aws:cloudfront::123456789012:distribution/E1"


def test_the_policy_of_a_worker_is_for_the_bucket_of_the_originals_and_no_cdn(person, capsys):
    show_policy(person.layout(), "worker", person.display)

    policy = json.loads(person.shown.getvalue())
    assert {each["Sid"] for each in policy["Statement"]} == {"List", "Originals", "Renditions"}
    assert capsys.readouterr().err == ""


def test_without_a_distribution_the_policy_says_so_beside_it(person, capsys):
    show_policy(person.layout(), "publisher", person.display)

    json.loads(person.shown.getvalue())
    assert "PHOTOS_CDN_DISTRIBUTION is not set" in capsys.readouterr().err


def test_for_another_server_there_is_what_applies_there(person, capsys):
    person.settings = replace(person.settings, s3_endpoint="https://s3.example.org", s3_region="")

    show_program(person.settings, person.layout(), person.display)

    program = person.shown.getvalue()
    compile(program, "program", "exec")
    assert "endpoint_url='https://s3.example.org'" in program
    assert "cloudfront" not in program
    assert "put_bucket_encryption" not in program
    assert "not every server knows" in capsys.readouterr().err
    with pytest.raises(SettingsError, match="for AWS"):
        show_template(person.layout(), person.display)


def test_the_program_for_what_exists_says_that_it_replaces(person, capsys):
    for distribution, said in (("", False), ("E1", True)):
        person.settings = replace(person.settings, cdn_distribution=distribution)

        show_program(person.settings, person.layout(), person.display)

        assert ("in the place of those that are there" in capsys.readouterr().err) == said


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        ({"s3_endpoint": "https://s3.example.org"}, {"certificate": "arn"}, "for AWS alone"),
        ({"siteurl": "https://example.org/blog"}, {}, "PHOTOS_BUCKET_PREFIX has to end"),
        ({}, {"certificate": "arn:aws:iam::1:x"}, "ACM in us-east-1"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(person, changes, options, says):
    person.settings = replace(person.settings, **changes)

    with pytest.raises(SettingsError, match=says):
        person.layout(**options)


def test_a_region_has_to_be_known(person, monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    person.settings = replace(person.settings, s3_region="")

    with pytest.raises(SettingsError, match="PHOTOS_S3_REGION is not set"):
        person.layout()


def test_no_policy_of_an_unknown_name_is_made_up(person):
    with pytest.raises(SettingsError, match="publisher, keeper, inspector or worker"):
        show_policy(person.layout(), "owner", person.display)
