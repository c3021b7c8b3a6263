"""CloudFront: tell it which paths it may no longer answer from its cache."""

import time
from collections.abc import Callable, Collection
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.config import Config
from botocore.exceptions import ClientError

from pelican_photos.publish.connection import new_session
from pelican_photos.publish.keys import collapsed
from pelican_photos.publish.refusals import code_of, one_sentence, quiet_about_secrets

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.type_defs import InvalidationBatchTypeDef

# CloudFront works on 3,000 paths and 15 wildcards at a time; these waits, in
# seconds, give it the minute or two that an invalidation takes.
_WAITS = (5, 15, 30, 60)


def invalidate(
    distribution: str,
    paths: Collection[str],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Invalidate paths in one request, and give how many it named: one for a wildcard.

    Raises:
        PublishError: CloudFront refuses.
    """
    quiet_about_secrets()
    items = list(collapsed(frozenset(paths)))
    batch: InvalidationBatchTypeDef = {
        "Paths": {"Quantity": len(items), "Items": items},
        # Unique for each publish: CloudFront takes the same one for a repetition.
        "CallerReference": f"photostream-{uuid4().hex}",
    }
    with one_sentence(f"the CDN {distribution!r} cannot be refreshed"):
        config = Config(retries={"mode": "standard", "total_max_attempts": 5})
        # A global service; the region only has to be one.
        client: Any = new_session().create_client(
            "cloudfront", config=config, region_name="us-east-1"
        )
        with closing(client):
            for wait in (*_WAITS, None):
                try:
                    client.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
                    break
                except ClientError as error:
                    if wait is None or code_of(error) != "TooManyInvalidationsInProgress":
                        raise
                    pause(wait)
    return len(items)
