"""A web server on loopback that plays a CDN, or a bucket that strangers ask."""

from contextlib import contextmanager

from fakes.loopback import answering


class Stranger:
    """Answers by path: (status, headers); a Range is answered by 206 unless told otherwise."""

    def __init__(self):
        self.url = ""
        self.answers = {}
        self.parts = True
        self.seen = []

    def respond(self, request):
        self.seen.append(request.path)
        status, headers = self.answers.get(request.path, (403, {}))
        if self.parts and status == 200 and "Range" in request.headers:
            status = 206
        return status, b"", headers


@contextmanager
def serving_strangers():
    stranger = Stranger()
    with answering(stranger.respond) as stranger.url:
        yield stranger
