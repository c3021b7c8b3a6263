"""A set-up made, or mended: each step looks first, and changes only what does not hold.

So a run that broke off is completed by the next one, and one more changes nothing.  A server that
does not know what it is asked about is not told to change it either: some take "block public
access" for "make a bucket", and "delete the policy" for "delete the bucket".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from pelican_photos.errors import PublishError, SettingsError
from pelican_photos.publish import questions, reconcile
from pelican_photos.publish.connection import connected
from pelican_photos.publish.facts import Heard
from pelican_photos.publish.infrastructure import Step, steps_of
from pelican_photos.publish.layout import Answer, Layout, Over, Text
from pelican_photos.publish.private import MANIFEST
from pelican_photos.publish.provision_cdn import Cdn
from pelican_photos.publish.questions import PATIENCE, Question, aws_client
from pelican_photos.publish.refusals import code_of, one_sentence
from pelican_photos.settings import Settings


class State(StrEnum):
    """What a step found, or did."""

    IN_PLACE = "in place"
    TO_DO = "to do"
    DONE = "done"
    NOT_HERE = "not on this server"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step, and what became of it; ``what`` names what was not as it should be."""

    step: Step
    state: State
    what: str = ""

    def __str__(self) -> str:
        return f"{self.state:<18} {self.step.title}" + (f" ({self.what})" if self.what else "")


_LOOKS: Mapping[str, Question] = {
    "put_public_access_block": questions.BLOCKS,
    "put_bucket_ownership_controls": questions.OWNERSHIP,
    "put_bucket_encryption": questions.ENCRYPTION,
    "put_bucket_versioning": questions.VERSIONING,
    "put_bucket_lifecycle_configuration": questions.LIFECYCLE,
    "put_bucket_policy": questions.POLICY,
}


def account_of(sts: Any, owner: str) -> str:
    """Ask whose key is in use, and refuse one of another account than ``owner``, if that is set.

    Raises:
        PublishError: the key is not valid.
        SettingsError: it is of another account.
    """
    with one_sentence("whose key this is cannot be told"):
        account = str(sts.get_caller_identity().get("Account", ""))
    if not account:
        raise PublishError("whose key this is cannot be told: what answers there is not AWS")
    if owner and owner != account:
        raise SettingsError(
            f"PHOTOS_BUCKET_OWNER is {owner}, but the key in use is of the account {account};"
            " choose another AWS_PROFILE, or correct the setting"
        )
    return account


@contextmanager
def opened(settings: Settings, layout: Layout) -> Iterator["Provision"]:
    """Connect to what a set-up needs; on AWS every step then expects our own account's buckets.

    Raises:
        PublishError: there are no credentials, or they are not valid.
        SettingsError: they are of another account than the settings say.
    """
    with ExitStack() as open_:
        clients: dict[str, Any] = {
            "s3": open_.enter_context(connected(settings, patience=PATIENCE))
        }
        if layout.with_cdn:
            clients["cloudfront"] = open_.enter_context(aws_client("cloudfront"))
            account = account_of(open_.enter_context(aws_client("sts")), layout.owner)
            layout = replace(layout, owner=account)
        yield Provision(clients, layout)


class Provision:
    """A set-up on its way."""

    def __init__(self, clients: Mapping[str, Any], layout: Layout) -> None:
        self._clients = clients
        self._layout = layout
        self._steps: Sequence[Step] = tuple(steps_of(layout))
        self._known: dict[str, bool] = {}  # bucket: whether its server knows sub-resources
        self.answers: dict[str, Any] = {}

    def survey(self) -> list[Taken]:
        """Look at everything, and change nothing.

        Raises:
            PublishError: something cannot be seen, or belongs to somebody else.
        """
        return list(self._take(write=False))

    def carry_out(self) -> Iterator[Taken]:
        """Do what is to do, step by step.

        Raises:
            PublishError: a step is refused; those before it are done.
        """
        return self._take(write=True)

    def _take(self, *, write: bool) -> Iterator[Taken]:
        self.answers.clear()
        absent: set[str] = set()  # buckets that are not there yet
        client = self._clients.get("cloudfront")
        cdn = Cdn(client, self._layout, self.answers, self._resolved, write=write)
        for step in self._steps:
            bucket = step.arguments.get("Bucket")
            with one_sentence(step.title):
                if step.service == "cloudfront":
                    wrong = cdn.take(step)
                    made = State.DONE if write else State.TO_DO
                    state = State.IN_PLACE if wrong is None else made
                    taken = Taken(step, state, ", ".join(wrong or ()))
                elif step.operation == "create_bucket":
                    taken = self._bucket(step, write=write)
                    if taken.state is State.TO_DO:
                        absent.add(bucket or "")
                elif bucket in absent:
                    taken = Taken(step, State.TO_DO)
                else:
                    taken = self._configure(step, write=write)
            yield taken

    def _bucket(self, step: Step, *, write: bool) -> Taken:
        s3, name = self._clients["s3"], step.arguments["Bucket"]
        owner = {"ExpectedBucketOwner": self._layout.owner} if self._layout.owner else {}
        try:
            answer = s3.head_bucket(Bucket=name, **owner)
        except ClientError as error:
            self._refuse_a_strangers(name, error)
        else:
            region = answer.get("BucketRegion") or self._layout.region
            if self._layout.with_cdn and region != self._layout.region:
                raise SettingsError(
                    f"the bucket {name!r} lies in {region}: set PHOTOS_S3_REGION to that"
                )
            return Taken(step, State.IN_PLACE, self._strangers(name, owner))
        if not write:
            return Taken(step, State.TO_DO)
        s3.create_bucket(**step.arguments)
        return Taken(step, State.DONE)

    def _strangers(self, name: str, owner: Mapping[str, str]) -> str:
        """Say so when a bucket holds what no publish put there: the CDN is about to serve it."""
        s3, prefix = self._clients["s3"], self._layout.prefix
        if not self._layout.with_cdn:
            return ""
        found = s3.list_objects_v2(Bucket=name, Prefix=prefix, MaxKeys=1, **owner)
        ours = f"{prefix}{MANIFEST}"
        if not found.get("Contents") or s3.list_objects_v2(
            Bucket=name, Prefix=ours, MaxKeys=1, **owner
        ).get("Contents"):
            return ""
        return (
            "it holds files that no publish put there, and the CDN will serve them to everybody;"
            " take another bucket, or set PHOTOS_BUCKET_PREFIX"
        )

    def _refuse_a_strangers(self, name: str, error: ClientError) -> None:
        code = code_of(error)
        if code in ("403", "AccessDenied", "Forbidden"):
            other = "choose another name, for all the world shares the names of buckets"
            fix = other if self._layout.with_cdn else "check the key and the name"
            raise PublishError(
                f"{name!r} belongs to somebody else, or the key in use may not see it; {fix}"
            ) from None
        if code not in ("404", "NoSuchBucket"):
            raise error

    def _configure(self, step: Step, *, write: bool) -> Taken:
        """Look at one configuration of a bucket, and set it if the server knows what it is."""
        s3, question = self._clients["s3"], _LOOKS[step.operation]
        bucket = {
            name: value
            for name, value in step.arguments.items()
            if name in ("Bucket", "ExpectedBucketOwner")
        }
        fact = questions.ask(s3, question, **bucket)
        if fact.heard in (Heard.DENIED, Heard.FAILED):
            raise PublishError(
                f"{step.title}: how it is cannot be asked ({fact.action}): {fact.why}"
            )
        # A bucket that never had versions says just nothing; so does a server that knows none.
        never = question is questions.VERSIONING and fact.heard is Heard.SILENT
        if not fact.answered and not (never and self._identified(bucket)):
            return Taken(step, State.NOT_HERE)
        found = _found(question, fact.value if fact.heard is Heard.SAID else None)
        [argument] = step.arguments.keys() - bucket.keys()
        try:
            wanted = self._resolved(step.arguments[argument])
        except KeyError:
            return Taken(step, State.TO_DO)
        if question is questions.ENCRYPTION and not questions.knows_blocked_types(s3):
            wanted = reconcile.without_blocked_types(wanted)
        put, wrong = _mended(question, found, wanted)
        if not wrong:
            return Taken(step, State.IN_PLACE)
        what = "" if fact.heard is Heard.NONE else ", ".join(wrong)
        if not write:
            return Taken(step, State.TO_DO, what)
        getattr(s3, step.operation)(**bucket, **{argument: put})
        return Taken(step, State.DONE, what)

    def _resolved(self, value: Any) -> Any:
        return resolved(value, self.answers)

    def _identified(self, bucket: Mapping[str, str]) -> bool:
        """Whether the server knows what the configuration of a bucket is, at all."""
        name = bucket["Bucket"]
        if name not in self._known:
            looks = (questions.BLOCKS, questions.LIFECYCLE, questions.POLICY)
            self._known[name] = any(
                questions.ask(self._clients["s3"], look, **bucket).answered for look in looks
            )
        return self._known[name]


def resolved(value: Any, answers: Mapping[str, Any]) -> Any:
    """Put what earlier steps answered in its place.

    Raises:
        KeyError: a step that it needs has not been taken.
    """
    if isinstance(value, Answer):
        found = answers[value.step]
        for name in value.path:
            found = found[name]
        return found
    if isinstance(value, Over):
        return {**resolved(value.base, answers), **resolved(value.changes, answers)}
    if isinstance(value, Text):
        return resolved(value.content, answers)
    if isinstance(value, Mapping):
        return {name: resolved(each, answers) for name, each in value.items()}
    return [resolved(each, answers) for each in value] if isinstance(value, list) else value


def _found(question: Question, value: Any) -> Any:
    """Bring an answer into the shape in which it is put."""
    if value is None:
        return {}
    if question in (questions.VERSIONING, questions.LIFECYCLE):
        return {question.field: value}
    return value


def _mended(question: Question, found: Any, wanted: Any) -> tuple[Any, list[str]]:
    """Give what is to be put, and what is wrong about what is there."""
    if question is questions.POLICY:
        wrong = reconcile.wrong_statements(found, wanted)
        return json.dumps(reconcile.with_statements(found, wanted)), wrong
    if question is questions.ENCRYPTION:
        wanted = reconcile.with_own_key(found, wanted)
    return reconcile.merged(found, wanted), reconcile.differences(found, wanted)
