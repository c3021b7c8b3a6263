"""A publish's life on servers that are stricter, and looser, than the one of the other tests.

With moto's IAM, under the policy that a person would give to the key; with ``rclone serve s3``,
where it is installed, which heeds no condition and checks little.
"""

import pytest

from fakes.built_site import BuiltSite, picture_with_gps
from fakes.publisher import ORIGINAL, PAGE, RENDITION, Publisher, everything
from fakes.s3 import serving_s3
from fakes.s3_servers import needs
from pelican_photos.errors import Overtaken, PublishError
from pelican_photos.publish.cdn import invalidate
from pelican_photos.publish.objects import PART
from pelican_photos.publish.private import CLAIM, untouched_key


@pytest.fixture(scope="module", params=["iam", "rclone"])
def running(request):
    with serving_s3(name=request.param) as fake:
        yield fake


def test_a_site_goes_up_once_and_then_what_changes_alone(run, site, server):
    run()
    assert everything(server) == site.bodies()
    server.forget()
    run()
    assert server.counts == {"LIST": 2}

    site.write(PAGE, b"new")
    run()

    assert server.keys_put() == [PAGE]
    assert everything(server) == site.bodies()


def test_headers_that_another_program_gave_are_repaired_once(run, site, server):
    server.put("site", "index.html", site.bodies()["index.html"])

    outcome = run()

    assert (outcome.repaired, outcome.uploaded) == (1, 12)
    home = server.objects("site")["index.html"]
    assert home.cache_control == "public, max-age=0, must-revalidate"
    assert home.content_type == "text/html; charset=utf-8"
    assert run().repaired == 0


def test_what_is_wanted_no_more_is_deleted_and_a_strangers_object_is_not(run, site, server):
    server.put("site", "foreign.txt", b"not ours")
    run()
    (site.output / RENDITION).unlink()

    assert run(delete=True).deleted == 1

    assert server.bodies("site").keys() & {RENDITION, "foreign.txt"} == {"foreign.txt"}


def test_two_machines_do_not_undo_each_other(run, site, server, tmp_path):
    laptop = Publisher(BuiltSite(tmp_path / "laptop"), server)
    site.write_page("2024-05-01-boats", "boats")
    run()
    with pytest.raises(Overtaken, match="photos/2024/"):
        laptop()
    refused = []

    def second(request):
        if request.key == PAGE and not refused:
            refused.append(None)
            with pytest.raises(Overtaken, match="is publishing since"):
                laptop(overwrite=False)

    site.write(PAGE, b"new")
    server.on_request = second
    run()

    assert refused
    assert everything(server) == site.bodies()
    assert CLAIM not in server.objects("site", manifest=True)


def test_the_next_publish_goes_on_after_a_failure(run, site, server):
    server.refuse(PAGE)
    with pytest.raises(PublishError, match="access denied"):
        run()
    server.forget()

    run()

    assert everything(server) == site.bodies()
    assert ORIGINAL not in server.keys_put()


def test_the_untouched_original_and_a_film_in_parts_arrive_whole(run, site, server):
    body, film = picture_with_gps(), bytes(range(256)) * (PART // 256 + 1)
    site.write_original("2024-05-01-boats", body)
    site.write("film.mp4", film)

    run()

    objects = server.objects("originals", manifest=True)
    assert objects[untouched_key(ORIGINAL)].body == body != objects[ORIGINAL].body
    assert objects[untouched_key(ORIGINAL)].cache_control == "private, no-store"
    assert server.bodies("site")["film.mp4"] == film
    server.forget()
    run()
    assert server.counts == {"LIST": 2}


def test_a_wrong_secret_is_said(run, server, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x" * 40)

    with pytest.raises(PublishError, match="the secret key is wrong"):
        run()


@needs("access control")
def test_the_key_can_do_nothing_beside_its_prefix(run, site, server):
    server.server.allow("", prefix="blog/")

    run(settings={"bucket_prefix": "blog"}, delete=True)

    assert {f"blog/{key}" for key in site.bodies()} == everything(server).keys()
    with pytest.raises(PublishError, match=r"access denied; .* the name of the bucket"):
        run()
    with pytest.raises(PublishError, match=r"access denied; .* of the distribution is wrong"):
        invalidate("ENOSUCH", {"/a"})
    with pytest.raises(PublishError, match="access denied"):
        run(settings={"bucket_prefix": "blo"})
