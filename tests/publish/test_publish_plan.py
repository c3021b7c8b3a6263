import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.bucket_contents import a_known, a_local, a_remote
from pelican_photos.errors import PublishError
from pelican_photos.publish.objects import Reason, Role, Stage
from pelican_photos.publish.plan import in_words, needs_consent, plan_sync


@pytest.mark.parametrize(
    ("remote", "known", "reason"),
    [
        ({}, {}, Reason.MISSING),
        ({}, {"a": a_known()}, Reason.MISSING),
        ({"a": a_remote(size=9)}, {"a": a_known()}, Reason.SIZE),
        ({"a": a_remote()}, {"a": a_known(sha256="bb")}, Reason.CONTENT),
        ({"a": a_remote(etag="somebody's")}, {"a": a_known()}, Reason.CONTENT),
        ({"a": a_remote()}, {}, Reason.CONTENT),
        ({"a": a_remote()}, {"a": a_known(cache_control="yes")}, Reason.HEADERS),
        ({"a": a_remote()}, {"a": a_known(content_type="text/css")}, Reason.HEADERS),
    ],
)
def test_a_file_goes_up_for_a_stated_reason(remote, known, reason):
    plan = plan_sync({"a": a_local()}, remote, known)

    assert [(change.key, change.reason) for change in plan.changes] == [("a", reason)]
    assert plan.unchanged == 0


def test_an_object_as_we_put_it_is_left_alone():
    plan = plan_sync({"a": a_local()}, {"a": a_remote()}, {"a": a_known()})

    assert (plan.changes, plan.unchanged) == ((), 1)


def test_a_repair_of_headers_sends_no_bytes():
    plan = plan_sync(
        {"a": a_local(size=7)}, {"a": a_remote(7)}, {"a": a_known(7, cache_control="old")}
    )

    assert (plan.size, len(plan.uploads), len(plan.changes)) == (0, 0, 1)


def test_two_that_change_places_are_sent_as_each_is_gone_before_it_can_be_copied():
    size = 100_000
    known = {"a": a_known(size, "aa", "ea"), "b": a_known(size, "bb", "eb")}
    remote = {"a": a_remote(size, "ea"), "b": a_remote(size, "eb")}
    local = {"a": a_local(size, "bb"), "b": a_local(size, "aa"), "c": a_local(size, "cc")}

    plan = plan_sync(local, remote, known)

    assert {change.key: change.reason for change in plan.changes} == {
        "a": Reason.CONTENT,
        "b": Reason.CONTENT,
        "c": Reason.MISSING,
    }


def test_changes_come_by_stage_and_then_by_key():
    stages = {"b": Stage.ORIGINALS, "a": Stage.LISTINGS, "d": Stage.PAGES, "c": Stage.PAGES}
    local = {key: a_local(stage=stage) for key, stage in stages.items()}

    assert [change.key for change in plan_sync(local, {}, {}).changes] == ["b", "c", "d", "a"]


def test_only_what_we_put_and_nobody_replaced_is_stale():
    remote = {"ours": a_remote(), "foreign": a_remote(), "replaced": a_remote(etag="new")}
    known = {"ours": a_known(), "replaced": a_known(), "gone": a_known()}

    plan = plan_sync({"a": a_local()}, remote, known)

    assert (plan.stale, plan.gone) == (("ours",), ("gone",))


def test_a_side_without_a_single_file_is_never_stale():
    remote = {"original": a_remote(), "page": a_remote()}
    known = {"original": a_known(role=Role.ORIGINAL), "page": a_known(role=Role.SITE)}

    assert plan_sync({}, remote, known).stale == ()
    assert plan_sync({"a": a_local(role=Role.SITE)}, remote, known).stale == ("page",)


def test_an_original_that_this_machine_lacks_is_neither_stale_nor_forgotten():
    known = {"x.jpg": a_known(role=Role.ORIGINAL)}
    local = {"a.jpg": a_local(role=Role.ORIGINAL)}

    here = plan_sync(local, {"x.jpg": a_remote()}, known, absent={"x.jpg"})
    nowhere = plan_sync(local, {}, known, absent={"x.jpg"})

    assert (here.stale, here.missing) == ((), ())
    assert (nowhere.gone, nowhere.missing) == ((), ("x.jpg",))


@pytest.mark.parametrize(
    ("stale", "ours", "asked"),
    [(20, 20, False), (21, 21, True), (50, 1000, False), (51, 1000, True)],
)
def test_many_deletes_ask_first(stale, ours, asked):
    known = {f"{number:04}": a_known() for number in range(ours)}
    remote = dict.fromkeys(known, a_remote())
    local = dict.fromkeys(sorted(known)[stale:] or ["new"], a_local())

    assert needs_consent([plan_sync(local, remote, known)]) is asked


def test_a_plan_is_one_sentence():
    plan = plan_sync(
        {"a": a_local(size=1500), "b": a_local()},
        {"b": a_remote(), "c": a_remote()},
        {"b": a_known(cache_control="old"), "c": a_known()},
        absent={"d"},
    )

    assert str(plan) == "1 to upload (1.5 kB), 1 to repair, 1 stale, 1 missing, 0 unchanged"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (99_400, "99 kB"), (2.5e9, "2.5 GB")],
)
def test_bytes_are_written_for_people(size, words):
    assert in_words(size) == words


def test_a_key_that_cannot_be_published_stops_the_plan():
    with pytest.raises(PublishError, match="goes up"):
        plan_sync({"a/../b": a_local()}, {}, {})


keys = st.sampled_from([f"{folder}/{name}" for folder in "xy" for name in "abcde"])
sizes = st.integers(0, 2)
digests = st.sampled_from(["aa", "bb"])
etags = st.sampled_from(["e", "f"])
roles = st.sampled_from(Role)
headers = st.sampled_from(["old", "new"])
locals_ = st.dictionaries(
    keys,
    st.builds(
        a_local, sizes, digests, cache_control=headers, role=roles, stage=st.sampled_from(Stage)
    ),
)
remotes = st.dictionaries(keys, st.builds(a_remote, sizes, etags))
knowns = st.dictionaries(
    keys, st.builds(a_known, sizes, digests, etags, cache_control=headers, role=roles)
)


def carried_out(plan, local, remote, known):
    """Apply a plan to a bucket in memory, deletes included."""
    remote, known = dict(remote), dict(known)
    for change in plan.changes:
        file = local[change.key]
        etag = f"put-{file.sha256}-{file.size}"
        remote[change.key] = a_remote(file.size, etag)
        known[change.key] = a_known(
            file.size,
            file.sha256,
            etag,
            content_type=file.content_type,
            cache_control=file.cache_control,
            role=file.role,
        )
    for key in plan.stale:
        del remote[key], known[key]
    return remote, known


@settings(max_examples=200)
@given(locals_, remotes, knowns)
def test_carrying_a_plan_out_makes_the_bucket_what_is_here(local, remote, known):
    after, noted = carried_out(plan_sync(local, remote, known), local, remote, known)

    for key, file in local.items():
        assert after[key].size == file.size
        assert noted[key].etag == after[key].etag
        assert noted[key].sha256 == file.sha256
        assert noted[key].cache_control == file.cache_control


@settings(max_examples=200)
@given(locals_, remotes, knowns)
def test_a_second_plan_is_empty(local, remote, known):
    after, noted = carried_out(plan_sync(local, remote, known), local, remote, known)

    again = plan_sync(local, after, noted)

    assert (again.changes, again.stale, again.unchanged) == ((), (), len(local))


@settings(max_examples=200)
@given(locals_, remotes, knowns, st.sets(keys))
def test_nothing_foreign_and_nothing_wanted_is_ever_stale(local, remote, known, absent):
    for key in plan_sync(local, remote, known, absent=absent).stale:
        assert key in known
        assert known[key].etag == remote[key].etag
        assert key not in local
        assert key not in absent


def test_while_an_original_is_nowhere_no_other_original_is_stale():
    local = {"here.jpg": a_local(role=Role.ORIGINAL), "page": a_local()}
    known = {"old.jpg": a_known(role=Role.ORIGINAL), "gone.html": a_known()}
    remote = {"old.jpg": a_remote(), "gone.html": a_remote()}

    plan = plan_sync(local, remote, known, absent={"new.jpg"})

    assert plan.missing == ("new.jpg",)
    assert plan.stale == ("gone.html",)
