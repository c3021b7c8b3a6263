"""What moto does not know of AWS: CloudFront's configurations whole, and SSE-C blocked in S3.

It keeps each document as it came and gives it back, as AWS does; ids and versions are its own.
"""

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs

NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
ARN = "arn:aws:cloudfront::123456789012"
ADDRESS = "d111111abcdef8.cloudfront.net"
_KINDS = {
    "distribution": ("Distribution", "DistributionConfig", "NoSuchDistribution"),
    "origin-access-control": (
        "OriginAccessControl",
        "OriginAccessControlConfig",
        "NoSuchOriginAccessControl",
    ),
    "cache-policy": ("CachePolicy", "CachePolicyConfig", "NoSuchCachePolicy"),
}
_NO_ENCRYPTION = "<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code></Error>"


@dataclass
class Document:
    kind: str
    config: str  # the XML inside its element
    version: int = 1


@dataclass
class Function:
    config: str
    code: dict[str, bytes] = field(default_factory=dict)  # by stage
    version: int = 1


class FakeCloudFront:
    """Documents by id, functions by name, encryption by bucket; and every write, in words."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.functions: dict[str, Function] = {}
        self.encryption: dict[str, bytes] = {}
        self.writes: list[str] = []
        self._made = 0

    def damage(self, kind: str, before: str, after: str) -> None:
        """Change a document as somebody would in the console."""
        [document] = [each for each in self.documents.values() if each.kind == kind]
        assert before in document.config, (before, document.config)
        document.config = document.config.replace(before, after)
        document.version += 1

    def identity(self, kind: str) -> str:
        [found] = [name for name, each in self.documents.items() if each.kind == kind]
        return found

    def __call__(self, request, environ, start_response):
        body = None
        if request.query == "encryption":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            status, etag, answer = self._encryption(request, body)
        elif request.path.startswith("/2020-05-31/"):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            if request.method != "GET":
                self.writes.append(f"{request.method} {request.path.split('/', 2)[2]}")
            status, etag, answer = self._answer(request, body.decode())
        else:
            return None
        headers = [("Content-Type", "text/xml"), ("Content-Length", str(len(answer)))]
        start_response(status, [*headers, ("ETag", etag)])
        return [answer]

    def _encryption(self, request, body):
        bucket = request.path.strip("/")
        if request.method == "PUT":
            self.encryption[bucket] = body
            return "200 OK", "", b""
        if bucket in self.encryption:
            return "200 OK", "", self.encryption[bucket]
        return "404 Not Found", "", _NO_ENCRYPTION.encode()

    def _answer(self, request, body):
        kind, _, rest = request.path.removeprefix("/2020-05-31/").partition("/")
        if kind == "function":
            return self._function(request, rest, body)
        element, config, missing = _KINDS[kind]
        identity = rest.removesuffix("/config")
        if request.method == "GET" and not identity:
            return "200 OK", "", self._listing(kind, element, config)
        if request.method == "POST":
            self._made += 1
            identity = f"E{self._made:013}"
            self.documents[identity] = Document(kind, _inside(config, body))
        elif identity not in self.documents:
            return _error("404 Not Found", missing)
        elif request.method == "PUT":
            document = self.documents[identity]
            if request.headers.get("if-match") != f"V{document.version}":
                return _error("412 Precondition Failed", "PreconditionFailed")
            document.config, document.version = _inside(config, body), document.version + 1
        document = self.documents[identity]
        whole = _described(identity, element, config, document)
        return "200 OK", f"V{document.version}", whole.encode()

    def _listing(self, kind, element, config):
        items = []
        for identity, document in self.documents.items():
            if document.kind == kind:
                whole = _described(identity, element, config, document)
                if kind == "cache-policy":
                    items.append(f"<CachePolicySummary>{whole}</CachePolicySummary>")
                else:
                    # A summary has the entries of the configuration beside the id.
                    inner = f"<Id>{identity}</Id>{document.config}"
                    items.append(f"<{element}Summary>{inner}</{element}Summary>")
        listed = f"<Quantity>{len(items)}</Quantity><Items>{''.join(items)}</Items>"
        return f'<{element}List xmlns="{NAMESPACE}">{listed}</{element}List>'.encode()

    def _function(self, request, rest, body):
        name, _, verb = rest.partition("/")
        if request.method == "POST" and not name:
            name = re.search("<Name>(.*?)</Name>", body)[1]
            self.functions[name] = Function(_inside("FunctionConfig", body))
            self.functions[name].code["DEVELOPMENT"] = _code(body)
        function = self.functions.get(name)
        stage = parse_qs(request.query).get("Stage", ["DEVELOPMENT"])[0]
        if function is None or (request.method == "GET" and stage not in function.code):
            return _error("404 Not Found", "NoSuchFunctionExists")
        if "if-match" in request.headers and (
            request.headers["if-match"] != f"V{function.version}"
        ):
            return _error("412 Precondition Failed", "InvalidIfMatchVersion")
        if request.method == "PUT":
            function.code["DEVELOPMENT"], function.version = _code(body), function.version + 1
        elif verb == "publish":
            function.code["LIVE"] = function.code["DEVELOPMENT"]
        etag = f"V{function.version}"
        if request.method == "GET" and not verb:
            return "200 OK", etag, function.code[stage]
        metadata = f"<FunctionARN>{ARN}:function/{name}</FunctionARN><Stage>{stage}</Stage>"
        summary = (
            f'<FunctionSummary xmlns="{NAMESPACE}"><Name>{name}</Name>'
            f"<FunctionConfig>{function.config}</FunctionConfig>"
            f"<FunctionMetadata>{metadata}</FunctionMetadata></FunctionSummary>"
        )
        return "200 OK", etag, summary.encode()


def _described(identity, element, config, document):
    more = ""
    if document.kind == "distribution":
        more = (
            f"<ARN>{ARN}:distribution/{identity}</ARN><Status>Deployed</Status>"
            f"<DomainName>{ADDRESS}</DomainName>"
        )
    inner = f"<Id>{identity}</Id>{more}<{config}>{document.config}</{config}>"
    return f'<{element} xmlns="{NAMESPACE}">{inner}</{element}>'


def _inside(element, body):
    return re.search(f"<{element}[^>]*>(.*)</{element}>", body, re.DOTALL)[1]


def _code(body):
    return base64.b64decode(_inside("FunctionCode", body))


def _error(status, code):
    inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>"
    return (
        status,
        "",
        f'<ErrorResponse xmlns="{NAMESPACE}">{inner}</ErrorResponse>'.encode(),
    )
