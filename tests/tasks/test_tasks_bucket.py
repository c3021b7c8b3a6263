"""The options of `invoke bucket`, as they are typed."""

import json

import pytest
from invoke import Context, Exit

from pelican_photos.tasks.bucket import bucket

PRODUCTION = (
    "PATH = 'content'\nSITEURL = 'https://example.org'\nPHOTOS_BUCKET = 'my-photos'\n"
    "PHOTOS_S3_REGION = 'eu-central-1'\nPHOTOS_CDN_DISTRIBUTION = 'E1'\n"
)


@pytest.fixture
def site(tmp_path, monkeypatch):
    (tmp_path / "content").mkdir()
    (tmp_path / "pelicanconf.py").write_text("PATH = 'content'\n")
    (tmp_path / "publishconf.py").write_text(PRODUCTION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("policy", "actions"), [(True, 4), ("keeper", 6)])
def test_a_policy_may_be_named_or_not(site, capsys, policy, actions):
    bucket(Context(), policy=policy)

    _, objects, _ = json.loads(capsys.readouterr().out)["Statement"]
    assert len(objects["Action"]) == actions


def test_a_template_and_a_program_are_printed_whole(site, capsys):
    bucket(Context(), cloudformation=True)
    assert "Resources" in json.loads(capsys.readouterr().out)

    bucket(Context())
    compile(capsys.readouterr().out, "program", "exec")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"apply": True, "policy": "keeper"}, "choose one of"),
        ({"dry_run": True}, "--dry-run goes with --apply"),
    ],
)
def test_options_that_do_not_go_together_are_refused(site, capsys, options, says):
    with pytest.raises(Exit) as ended:
        bucket(Context(), **options)

    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_site_without_a_bucket_is_told_where_to_name_one(site, capsys):
    (site / "publishconf.py").write_text("PATH = 'content'\n")

    with pytest.raises(Exit):
        bucket(Context())

    assert "write it into publishconf.py" in capsys.readouterr().err
