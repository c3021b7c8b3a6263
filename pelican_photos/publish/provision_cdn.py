"""The steps of a set-up that concern CloudFront: found by name, made, or mended."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from botocore.exceptions import ClientError

from pelican_photos.errors import PublishError
from pelican_photos.publish.distribution import distribution_config
from pelican_photos.publish.infrastructure import Step
from pelican_photos.publish.layout import Layout
from pelican_photos.publish.reconcile import differences, merged
from pelican_photos.publish.refusals import code_of

# What is not as it should be; [] when it is not there at all, None when all is well.
Wrong: TypeAlias = list[str] | None


class Cdn:
    """CloudFront, and what it answered so far.

    ``resolve`` puts answers in their places, and raises KeyError for one that is not there yet.
    Without ``write``, steps look and change nothing.
    """

    def __init__(
        self,
        client: Any,
        layout: Layout,
        answers: dict[str, Any],
        resolve: Callable[[Any], Any],
        *,
        write: bool,
    ) -> None:
        self._client = client
        self._layout = layout
        self._answers = answers
        self._resolve = resolve
        self._write = write
        self._in_use = False

    def take(self, step: Step) -> Wrong:
        """Look at what a step makes, and make or mend it."""
        verbs: Mapping[str, Callable[[Mapping[str, Any]], Wrong]] = {
            "create_origin_access_control": self._access,
            "create_cache_policy": self._cache,
            "create_function": self._function,
            "publish_function": self._use_function,
            "get_distribution": self._known,
            "update_distribution": self._update,
            "create_distribution": self._distribution,
        }
        return verbs[step.operation](step.arguments)

    def _access(self, arguments: Mapping[str, Any]) -> Wrong:
        config = arguments["OriginAccessControlConfig"]
        cdn = self._client
        for item in _listed(cdn.list_origin_access_controls, "OriginAccessControlList"):
            if item["Name"] == config["Name"]:
                found = cdn.get_origin_access_control(Id=item["Id"])
                self._answers["access"] = found
                there = found["OriginAccessControl"]["OriginAccessControlConfig"]
                wrong = differences(there, config)
                if wrong and self._write:
                    cdn.update_origin_access_control(
                        Id=item["Id"], IfMatch=found["ETag"], **arguments
                    )
                return wrong or None
        if self._write:
            self._answers["access"] = cdn.create_origin_access_control(**arguments)
        return []

    def _cache(self, arguments: Mapping[str, Any]) -> Wrong:
        config = arguments["CachePolicyConfig"]
        cdn = self._client
        for item in _listed(cdn.list_cache_policies, "CachePolicyList", Type="custom"):
            policy = item["CachePolicy"]
            if policy["CachePolicyConfig"]["Name"] == config["Name"]:
                found = cdn.get_cache_policy(Id=policy["Id"])
                self._answers["cache"] = found
                there = found["CachePolicy"]["CachePolicyConfig"]
                wrong = differences(there, config)
                if wrong and self._write:
                    laid = merged(there, config)
                    cdn.update_cache_policy(
                        Id=policy["Id"], IfMatch=found["ETag"], CachePolicyConfig=laid
                    )
                return wrong or None
        if self._write:
            self._answers["cache"] = cdn.create_cache_policy(**arguments)
        return []

    def _function(self, arguments: Mapping[str, Any]) -> Wrong:
        """Mend the function; the next step puts it to use."""
        cdn, name = self._client, arguments["Name"]
        for stage in ("LIVE", "DEVELOPMENT"):
            if self._code(name, stage) == arguments["FunctionCode"]:
                self._answers["function"] = cdn.describe_function(Name=name, Stage=stage)
                self._in_use = stage == "LIVE"
                return None
        there = self._described(name)
        if there is None:
            if self._write:
                self._answers["function"] = cdn.create_function(**arguments)
            return []
        self._answers["function"] = there
        if self._write:
            cdn.update_function(IfMatch=there["ETag"], **arguments)
            self._answers["function"] = self._described(name)
        return ["FunctionCode"]

    def _use_function(self, arguments: Mapping[str, Any]) -> Wrong:
        if self._in_use:
            return None
        if self._write:
            self._client.publish_function(**self._resolve(arguments))
        return []

    def _code(self, name: str, stage: str) -> bytes | None:
        found = _if_there(self._client.get_function, Name=name, Stage=stage)
        if found is None:
            return None
        with found["FunctionCode"] as body:
            return bytes(body.read())

    def _described(self, name: str) -> Mapping[str, Any] | None:
        return _if_there(self._client.describe_function, Name=name, Stage="DEVELOPMENT")

    def _known(self, arguments: Mapping[str, Any]) -> Wrong:
        self._answers["distribution"] = self._client.get_distribution(**arguments)
        return None

    def _distribution(self, arguments: Mapping[str, Any]) -> Wrong:
        """Find what an earlier run made, by its comment; or make it."""
        for item in _listed(self._client.list_distributions, "DistributionList"):
            if item.get("Comment") == self._layout.name:
                self._known({"Id": item["Id"]})
                return self._update(arguments)
        if self._write:
            try:
                made = self._client.create_distribution(**self._resolve(arguments))
            except ClientError as error:
                if code_of(error) != "DistributionAlreadyExists":
                    raise
                raise PublishError(
                    "an earlier run made a distribution whose comment was changed since: name it"
                    " in PHOTOS_CDN_DISTRIBUTION"
                ) from None
            self._answers["distribution"] = made
        return []

    def _update(self, _arguments: Mapping[str, Any]) -> Wrong:
        """Mend the distribution, and leave alone what is not ours to say."""
        found = self._answers["distribution"]
        there = found["Distribution"]["DistributionConfig"]
        try:
            wanted = self._resolve(distribution_config(self._layout))
        except KeyError:
            return ["what it refers to"]
        if "Aliases" in wanted:
            wanted["Aliases"] = _both(there, wanted)
        wrong = differences(there, wanted)
        if wrong and self._write:
            self._answers["distribution"] = self._client.update_distribution(
                Id=found["Distribution"]["Id"],
                IfMatch=found["ETag"],
                DistributionConfig=merged(there, wanted),
            )
        return wrong or None


def _if_there(operation: Callable[..., Any], **arguments: Any) -> Mapping[str, Any] | None:
    """Ask about a function; None when there is none."""
    try:
        found: Mapping[str, Any] = operation(**arguments)
    except ClientError as error:
        if code_of(error) != "NoSuchFunctionExists":
            raise
        return None
    return found


def _both(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the hosts for which a distribution answers already."""
    hosts = dict.fromkeys(
        host for each in (there, wanted) for host in (each.get("Aliases") or {}).get("Items", ())
    )
    return {"Quantity": len(hosts), "Items": list(hosts)}


def _listed(operation: Callable[..., Any], field: str, **arguments: Any) -> Iterator[Any]:
    """Yield the items of a listing, page by page."""
    marker: dict[str, str] = {}
    while True:
        page = operation(**arguments, **marker)[field]
        yield from page.get("Items", ())
        following = page.get("NextMarker")
        if not following or following == marker.get("Marker"):
            return
        marker = {"Marker": following}
