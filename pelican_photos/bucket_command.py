"""The set-up of buckets and CDN as a person asks for it: printed, or made."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pelican_photos import pelican_site
from pelican_photos.errors import SettingsError
from pelican_photos.publish import policies
from pelican_photos.publish.cloudformation import template_of
from pelican_photos.publish.infrastructure import steps_of
from pelican_photos.publish.layout import Layout, base_of, check_layout
from pelican_photos.publish.program import program_of
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display

POLICIES = ("publisher", "keeper", "inspector", "worker")


def read_bucket_settings() -> Settings:
    """Read ``publishconf.py``, which has to name a bucket.

    Raises:
        SettingsError: it does not, or cannot be read.
    """
    settings = pelican_site.read_settings(pelican_site.PRODUCTION)
    if not settings.bucket:
        raise SettingsError(
            "PHOTOS_BUCKET is not set: think of a name that no bucket of the world has, and"
            " write it into publishconf.py"
        )
    return settings


def layout_of(settings: Settings, *, certificate: str = "", domain: str = "") -> Layout:
    """Say what there shall be; a certificate without a domain is for that of ``SITEURL``.

    Raises:
        SettingsError: no region is known, or CloudFront could not serve it.
    """
    from pelican_photos.publish.questions import region_set  # noqa: PLC0415 - loads boto3

    on_aws = not settings.s3_endpoint
    region = settings.s3_region or region_set()
    if not region and on_aws:
        raise SettingsError(
            'PHOTOS_S3_REGION is not set: name the region of the buckets, such as "eu-central-1"'
        )
    if (certificate or domain) and not on_aws:
        raise SettingsError("--certificate and --domain are for CloudFront, and so for AWS alone")
    prefix = settings.bucket_prefix.strip("/")
    layout = Layout(
        originals=settings.bucket,
        site=settings.site_bucket,
        prefix=f"{prefix}/" if prefix else "",
        region=region or "us-east-1",
        base=base_of(settings.siteurl),
        distribution=settings.cdn_distribution,
        certificate=certificate,
        domain=domain or (urlsplit(settings.siteurl).hostname or "" if certificate else ""),
        owner=settings.bucket_owner,
        with_cdn=on_aws,
        with_tls=not settings.s3_endpoint.startswith("http://"),
    )
    check_layout(layout)
    return layout


def show_program(settings: Settings, layout: Layout, display: Display) -> None:
    """Print every call of boto3, as Python that runs."""
    program = program_of(
        list(steps_of(layout)), region=layout.region, endpoint=settings.s3_endpoint
    )
    display.say(program.rstrip("\n"))
    if not layout.with_cdn:
        _remark(
            "not every server knows all of this; `invoke bucket --apply` asks yours before each"
            " step, and leaves out what it does not know"
        )
    elif layout.distribution:
        _remark(
            "this program puts its own rules, statements, origins and hosts in the place of those"
            " that are there; `invoke bucket --apply` keeps what others added"
        )


def show_template(layout: Layout, display: Display) -> None:
    """Print a template of CloudFormation.

    Raises:
        SettingsError: there is none for another server than AWS.
    """
    if not layout.with_cdn:
        raise SettingsError("--cloudformation is for AWS, but PHOTOS_S3_ENDPOINT names another")
    display.say(json.dumps(template_of(layout), indent=2))


def show_policy(layout: Layout, role: str, display: Display) -> None:
    """Print what a key may do: the publisher's, the keeper's, the inspector's or a worker's.

    Raises:
        SettingsError: there is no such role.
    """
    if role not in POLICIES:
        raise SettingsError(f"--policy {role}: should be {', '.join(POLICIES[:-1])} or worker")
    known = layout.distribution and layout.with_cdn
    arn = policies.distribution_arn(layout.owner, layout.distribution) if known else ""
    if role == "worker":
        place = policies.Place(bucket=layout.originals, prefix=layout.prefix)
        display.say(json.dumps(policies.worker(place), indent=2))
        return
    if role == "inspector":
        account = layout.owner or "*"
        found = policies.inspector(
            layout.places, arn, f"arn:aws:cloudfront::{account}:cache-policy/*"
        )
    else:
        make = policies.publisher if role == "publisher" else policies.keeper
        found = make(layout.places, arn)
    display.say(json.dumps(found, indent=2))
    if layout.with_cdn and not known:
        _remark(
            "PHOTOS_CDN_DISTRIBUTION is not set, so that the policy says nothing of a CDN; set it"
            " to what `invoke bucket --apply` made, and print the policy again"
        )


def apply_layout(
    settings: Settings, layout: Layout, display: Display, *, dry_run: bool, yes: bool
) -> bool:
    """Make what is missing, and mend what is not as it should be; ask first.

    Returns whether all is there.

    Raises:
        PublishError: a step is refused, or a bucket is somebody else's.
        SettingsError: the key in use is of another account.
    """
    from pelican_photos.publish.provision import State, opened  # noqa: PLC0415 - loads boto3

    with opened(settings, layout) as job:
        surveyed = job.survey()
        for taken in surveyed:
            display.say(str(taken))
        to_do = sum(taken.state is State.TO_DO for taken in surveyed)
        if to_do and dry_run:
            display.say(f"{to_do} steps to take, of which none was taken")
            return True
        if to_do and not yes and not display.confirm(f"Take these {to_do} steps?"):
            display.say("Nothing was changed")
            return False
        if to_do:
            for taken in job.carry_out():
                surveyed = [*surveyed, taken]
                if taken.state is not State.IN_PLACE:
                    display.say(str(taken))
        lacks = any(taken.state is State.NOT_HERE for taken in surveyed)
        what = "All that this server knows" if lacks else "Everything"
        display.say(f"{what} is in place" if to_do else f"{what} was in place already")
        for line in _what_now(settings, layout, job.answers.get("distribution", {})):
            display.say(line)
    return True


def _what_now(settings: Settings, layout: Layout, distribution: Mapping[str, Any]) -> Iterator[str]:
    """Say what remains for a person to do."""
    made = distribution.get("Distribution", {})
    if not made:
        return
    host, address = urlsplit(settings.siteurl).hostname or "", made.get("DomainName", "")
    if not layout.distribution:
        yield f'Write PHOTOS_CDN_DISTRIBUTION = "{made["Id"]}" into {pelican_site.PRODUCTION}'
    aliases = made.get("DistributionConfig", {}).get("Aliases", {}).get("Items", ())
    if host == address:
        yield f"The site will be at {settings.siteurl}/, in some minutes"
    elif host in aliases:
        yield f"Let the name {host} lead to {address} (CNAME, or an alias record)"
    else:
        yield (
            f'Either write SITEURL = "https://{address}" into {pelican_site.PRODUCTION}, or get a'
            " certificate and run `invoke bucket --apply --certificate ARN`"
        )


def _remark(sentence: str) -> None:
    print(f"photostream: {sentence}", file=sys.stderr)  # noqa: T201 - beside what is printed
