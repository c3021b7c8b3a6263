"""Somebody who owns an account of AWS: two buckets, a CDN before them, and open connections."""

import boto3

from pelican_photos.publish.layout import Layout
from pelican_photos.publish.provision import Provision, State

ACCOUNT = "123456789012"
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1a2b"
LAYOUT = Layout(
    originals="my-originals",
    site="my-site",
    region="eu-central-1",
    owner=ACCOUNT,
    certificate=CERTIFICATE,
    domain="photos.example.org",
)


def connections(url):
    """Open the clients that a set-up needs, for all the tests of a module."""
    session = boto3.session.Session()
    return {
        name: session.client(name, endpoint_url=url, region_name="eu-central-1")
        for name in ("s3", "cloudfront")
    }


class Owner:
    """Makes and mends what a layout asks for."""

    def __init__(self, server, clients, layout=LAYOUT):
        self.server = server
        self.clients = clients
        self.layout = layout
        self.s3 = clients["s3"]
        self.taken = []

    def apply(self):
        """Make and mend, and give the titles of what was done."""
        self.server.requests.clear()
        self.taken = list(Provision(self.clients, self.layout).carry_out())
        return [each.step.title for each in self.taken if each.state is State.DONE]

    def wrong(self):
        """What the last run found different, in words."""
        return sorted(each.what for each in self.taken if each.what)

    def writes(self):
        """Everything but questions."""
        return [each for each in self.server.requests if each.method not in ("GET", "HEAD")]
