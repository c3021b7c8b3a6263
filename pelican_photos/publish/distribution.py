"""The CDN before the buckets: one distribution of CloudFront, and what it refers to.

Pure; each function gives the configuration that a call of boto3 takes.  With two buckets the
site's is asked first, and what it has not is looked for among the originals (an origin group):
no path tells an original from a rendition whatever their formats are.
"""

from typing import Any

from pelican_photos.publish.layout import Answer, Layout
from pelican_photos.publish.policies import Place

# AWS's own policy: HSTS, nosniff, SAMEORIGIN, a referrer policy.
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
# Both refusals mean "not there" from a bucket that nobody may list.
NOT_THERE = (403, 404)

_A_DAY, _A_YEAR = 86_400, 31_536_000  # seconds
_GROUP = "photostream"

# A folder is its index.html.  A path without any dot is a folder whose slash was forgotten; one
# that begins with two slashes would lead to another host, and is left as it is.
FOLDERS = r"""function handler(event) {
  var request = event.request;
  if (request.uri.endsWith('/')) {
    request.uri += 'index.html';
  } else if (/^(\/[^\/.\\]+)+$/.test(request.uri)) {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: { location: { value: request.uri + '/' } }
    };
  }
  return request;
}
"""


def access_control(name: str) -> dict[str, Any]:
    """How CloudFront signs what it asks of S3."""
    return {
        "Name": name,
        "Description": "Pelican Photostream: the CDN reads private buckets",
        "SigningProtocol": "sigv4",
        "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    }


def cache_policy(name: str) -> dict[str, Any]:
    """Keep as long as an object's own Cache-Control says, from no time at all to a year."""
    return {
        "Name": name,
        "Comment": "Pelican Photostream: what Cache-Control says",
        "MinTTL": 0,
        "DefaultTTL": _A_DAY,
        "MaxTTL": _A_YEAR,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": True,
            "EnableAcceptEncodingBrotli": True,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
        },
    }


def function_config() -> dict[str, Any]:
    """Which language the function is written in."""
    return {"Comment": "Pelican Photostream: folders", "Runtime": "cloudfront-js-2.0"}


def distribution_config(layout: Layout) -> dict[str, Any]:
    """What the distribution has to be, and no word on what is left to its owner."""
    places = layout.places
    config: dict[str, Any] = {
        "Origins": _items([_origin(place, layout) for place in places]),
        "DefaultCacheBehavior": _behaviour(layout),
        "DefaultRootObject": "index.html",
        "Enabled": True,
    }
    if len(places) > 1:
        config["OriginGroups"] = _items([_group(places[0], places[1])])
    if layout.site:
        config["CustomErrorResponses"] = _items(
            [_error_page(code, layout.base) for code in NOT_THERE]
        )
    if layout.domain:
        config["Aliases"] = _items([layout.domain])
        config["ViewerCertificate"] = {
            "ACMCertificateArn": layout.certificate,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        }
    return config


def new_distribution(layout: Layout) -> dict[str, Any]:
    """The same for one that does not exist yet; the comment is how it is found again."""
    ours = {"HttpVersion": "http2and3", "IsIPV6Enabled": True}
    return {
        "CallerReference": layout.name,
        "Comment": layout.name,
        **distribution_config(layout),
        **ours,
    }


def rest_host(bucket: str, region: str) -> str:
    """The address under which a bucket answers signed requests, not that of a website."""
    return f"{bucket}.s3.{region}.amazonaws.com"


def _items(values: list[Any]) -> dict[str, Any]:
    return {"Quantity": len(values), "Items": values}


def _origin(place: Place, layout: Layout) -> dict[str, Any]:
    return {
        "Id": place.bucket,
        "DomainName": rest_host(place.bucket, layout.region),
        "OriginPath": layout.origin_path,
        "CustomHeaders": {"Quantity": 0},
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": Answer("access", ("OriginAccessControl", "Id")),
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "OriginShield": {"Enabled": False},
    }


def _group(first: Place, second: Place) -> dict[str, Any]:
    members = [{"OriginId": first.bucket}, {"OriginId": second.bucket}]
    return {
        "Id": _GROUP,
        "FailoverCriteria": {"StatusCodes": _items(list(NOT_THERE))},
        "Members": _items(members),
    }


def _behaviour(layout: Layout) -> dict[str, Any]:
    methods = ["GET", "HEAD"]
    functions: list[Any] = []
    if layout.site:
        arn = Answer("function", ("FunctionSummary", "FunctionMetadata", "FunctionARN"))
        functions.append({"EventType": "viewer-request", "FunctionARN": arn})
    return {
        "TargetOriginId": layout.places[0].bucket if len(layout.places) == 1 else _GROUP,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": {**_items(methods), "CachedMethods": _items(methods)},
        "Compress": True,
        "CachePolicyId": Answer("cache", ("CachePolicy", "Id")),
        "ResponseHeadersPolicyId": SECURITY_HEADERS,
        "FunctionAssociations": _items(functions) if functions else {"Quantity": 0},
    }


def _error_page(code: int, base: str) -> dict[str, Any]:
    return {
        "ErrorCode": code,
        "ResponsePagePath": f"{base}/404.html",
        "ResponseCode": "404",
        "ErrorCachingMinTTL": 10,  # a page may be there in a moment
    }
