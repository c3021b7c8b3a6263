"""The same set-up as a template of CloudFormation.  Pure.

CloudFormation says the same things in a dialect of its own: lists without their length, four
properties in another spelling, references in place of answers.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pelican_photos.publish import infrastructure as parts
from pelican_photos.publish.distribution import (
    FOLDERS,
    access_control,
    cache_policy,
    function_config,
    new_distribution,
)
from pelican_photos.publish.layout import Answer, Layout
from pelican_photos.publish.policies import Place, bucket_policy, distribution_arn

_SPELT = {
    "ACMCertificateArn": "AcmCertificateArn",
    "SSLSupportMethod": "SslSupportMethod",
    "IsIPV6Enabled": "IPV6Enabled",
}
_REFERENCES: Mapping[str, Any] = {
    "access": {"Fn::GetAtt": ["AccessControl", "Id"]},
    "cache": {"Ref": "CachePolicy"},
    "function": {"Fn::GetAtt": ["Folders", "FunctionARN"]},
}
_ARN = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"


def template_of(layout: Layout) -> dict[str, Any]:
    """Describe a stack, of the account that makes it where the layout names none."""
    resources = dict(_buckets(layout))
    outputs = {}
    if layout.with_cdn and not layout.distribution:
        resources |= dict(_cdn(layout))
        outputs = {
            "Distribution": {
                "Description": "PHOTOS_CDN_DISTRIBUTION",
                "Value": {"Ref": "Distribution"},
            },
            "Address": {
                "Description": "SITEURL, or what a domain of your own leads to",
                "Value": {"Fn::GetAtt": ["Distribution", "DomainName"]},
            },
        }
    arn: Any = None
    if layout.with_cdn:
        arn = {"Fn::Sub": _ARN}
        if layout.distribution:
            known = distribution_arn(layout.owner or "${AWS::AccountId}", layout.distribution)
            arn = known if layout.owner else {"Fn::Sub": known}
    for place in layout.places:
        resources[f"{_logical(layout, place)}Policy"] = {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": _logical(layout, place)},
                "PolicyDocument": bucket_policy(place, arn),
            },
        }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Pelican Photostream: private buckets, and the CDN before them",
        "Resources": resources,
        **({"Outputs": outputs} if outputs else {}),
    }


def _logical(layout: Layout, place: Place) -> str:
    return "Site" if place.bucket == layout.site else "Originals"


def _buckets(layout: Layout) -> Iterator[tuple[str, Any]]:
    for place in layout.places:
        [rule] = parts.lifecycle(place.prefix)["Rules"]
        [encrypted] = parts.encryption()["Rules"]
        by_default = encrypted["ApplyServerSideEncryptionByDefault"]
        blocked = encrypted["BlockedEncryptionTypes"]
        kept: dict[str, Any] = {
            "Id": rule["ID"],
            "Status": rule["Status"],
            "NoncurrentVersionExpiration": rule["NoncurrentVersionExpiration"],
            "AbortIncompleteMultipartUpload": rule["AbortIncompleteMultipartUpload"],
            **rule["Expiration"],
        }
        if place.prefix:
            kept["Prefix"] = place.prefix
        yield (
            _logical(layout, place),
            {
                "Type": "AWS::S3::Bucket",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {
                    "BucketName": place.bucket,
                    "PublicAccessBlockConfiguration": parts.blocks(),
                    "OwnershipControls": parts.ownership(),
                    "BucketEncryption": {
                        "ServerSideEncryptionConfiguration": [
                            {
                                "ServerSideEncryptionByDefault": by_default,
                                "BlockedEncryptionTypes": blocked,
                            }
                        ]
                    },
                    "VersioningConfiguration": {"Status": "Enabled"},
                    "LifecycleConfiguration": {"Rules": [kept]},
                },
            },
        )


def _cdn(layout: Layout) -> Iterator[tuple[str, Any]]:
    yield (
        "AccessControl",
        {
            "Type": "AWS::CloudFront::OriginAccessControl",
            "Properties": {"OriginAccessControlConfig": access_control(layout.name)},
        },
    )
    yield (
        "CachePolicy",
        {
            "Type": "AWS::CloudFront::CachePolicy",
            "Properties": {"CachePolicyConfig": cache_policy(layout.name)},
        },
    )
    if layout.site:
        yield (
            "Folders",
            {
                "Type": "AWS::CloudFront::Function",
                "Properties": {
                    "Name": layout.name,
                    "AutoPublish": True,
                    "FunctionConfig": function_config(),
                    "FunctionCode": FOLDERS,
                },
            },
        )
    config = _translated(new_distribution(layout))
    del config["CallerReference"]
    for origin, place in zip(config["Origins"], layout.places, strict=True):
        del origin["CustomHeaders"]
        origin["DomainName"] = {"Fn::GetAtt": [_logical(layout, place), "RegionalDomainName"]}
    yield (
        "Distribution",
        {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": config},
        },
    )


def _translated(value: Any, *, counted: bool = False) -> Any:
    """Say a configuration of the API in CloudFormation's dialect; groups keep their lengths."""
    if isinstance(value, Answer):
        return _REFERENCES[value.step]
    if isinstance(value, list):
        return [_translated(each, counted=counted) for each in value]
    if not isinstance(value, dict):
        return int(value) if isinstance(value, str) and re.fullmatch(r"\d{3}", value) else value
    if "Quantity" in value and not counted:
        return [_translated(each) for each in value.get("Items", ())]
    found: dict[str, Any] = {}
    name: str
    for name, each in value.items():
        if name == "AllowedMethods":
            found |= {name: each["Items"], "CachedMethods": each["CachedMethods"]["Items"]}
        else:
            grouped = counted or name == "OriginGroups"
            found[_SPELT.get(name, name)] = _translated(each, counted=grouped)
    return found
