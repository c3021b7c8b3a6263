from building import peers


def test_what_is_not_installed_is_said_and_left_out(tmp_path, capsys):
    assert list(peers.found(tmp_path, ["sigal", "sharp"])) == []

    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == ["sigal", "sharp"]
    assert all("python bench/build.py --install" in line for line in said)


def test_an_environment_without_its_package_is_not_a_program(tmp_path):
    python = tmp_path / "sigal/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho pillow 13.0\n")
    python.chmod(0o755)

    assert peers.find(tmp_path, "sigal") is None


def test_a_program_is_known_by_its_versions(tmp_path):
    python = tmp_path / "sigal/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho sigal 2.6\necho pillow 13.0\n")
    python.chmod(0o755)

    found = peers.find(tmp_path, "sigal")

    assert found
    assert (found.program, found.about) == (python, "sigal 2.6, pillow 13.0")
