"""Answers read many times as fast as by botocore: listings, and objects fetched and put.

botocore looks for each field that its description of S3 knows: three dozen of each answer, and
as many again of each object listed.  Here those are taken that somebody asks for, by their names
in the Amazon S3 API Reference.  What is no such answer, as any refusal, is botocore's to read.
"""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import Shape
from botocore.parsers import ResponseParser, ResponseParserError, ResponseParserFactory

_OF_OBJECTS = frozenset({"GetObjectOutput", "PutObjectOutput"})
_FIELDS = {
    "ETag": "etag",
    "ContentType": "content-type",
    "ContentRange": "content-range",
    "ServerSideEncryption": "x-amz-server-side-encryption",
}


class QuickAnswers(ResponseParserFactory):
    """Makes botocore's parsers, and lets each read as this module does."""

    def __init__(self) -> None:
        """Begin without any."""
        super().__init__()
        self._made: dict[str, ResponseParser] = {}

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """Give the parser of a protocol, such as "rest-xml"; it is asked for at each answer."""
        if protocol_name not in self._made:
            self._made[protocol_name] = self._quickened(super().create_parser(protocol_name))
        return self._made[protocol_name]

    @staticmethod
    def _quickened(parser: ResponseParser) -> ResponseParser:
        as_described = parser.parse

        def parse(response: Any, shape: Shape) -> Any:
            name = shape.name if shape is not None else ""
            quickly = None
            if name == "ListObjectsV2Output":
                quickly = _listing_of(response)
            elif name in _OF_OBJECTS:
                quickly = _object_answer_of(response)
            return as_described(response, shape) if quickly is None else quickly

        parser.parse = parse  # type: ignore[method-assign]
        return parser


def _listing_of(response: Any) -> dict[str, Any] | None:
    """Read a listing as botocore gives it; None when it is an error, or something else."""
    if response["status_code"] != 200:
        return None
    try:
        root = ET.fromstring(response["body"])  # noqa: S314 - as botocore does
    except ET.ParseError as error:
        raise ResponseParserError(f"a listing that is no XML: {error}") from None
    space, _, name = root.tag.rpartition("}")
    if name != "ListBucketResult":
        return None
    space = f"{space}}}" if space else ""
    try:
        contents = [_object_of(each, space) for each in root.iterfind(f"{space}Contents")]
    except ValueError as error:
        raise ResponseParserError(f"a listing with a size that is none: {error}") from None
    read: dict[str, Any] = {
        "Contents": contents,
        "IsTruncated": root.findtext(f"{space}IsTruncated", "") == "true",
        "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": dict(response["headers"])},
    }
    for name in ("NextContinuationToken", "EncodingType"):
        if text := root.findtext(f"{space}{name}"):
            read[name] = text
    return read


def _object_answer_of(response: Any) -> dict[str, Any] | None:
    """Read what is said of one object; what it holds comes as a stream, where it was asked for."""
    if response["status_code"] not in (200, 206):
        return None
    headers = {name.lower(): value for name, value in response["headers"].items()}
    read = fields_of(headers)
    if not isinstance(response["body"], bytes):  # such as the nothing that answers a PUT
        read["Body"] = response["body"]
    length = headers.get("content-length", "")
    if length.isdecimal():
        read["ContentLength"] = int(length)
    read["ResponseMetadata"] = {"HTTPStatusCode": response["status_code"], "HTTPHeaders": headers}
    return read


def fields_of(headers: Mapping[str, str]) -> dict[str, Any]:
    """Take what is said of an object, by botocore's names, from the headers of an answer.

    They are asked for by their names in small letters.
    """
    return {field: headers[name] for field, name in _FIELDS.items() if name in headers}


def _object_of(entry: ET.Element, space: str) -> dict[str, Any]:
    return {
        "Key": entry.findtext(f"{space}Key", ""),
        "Size": int(entry.findtext(f"{space}Size", "0")),
        "ETag": entry.findtext(f"{space}ETag", ""),
    }
