"""Settings that are read again get the modules beside them as they are by then."""

import importlib
import sys

import pytest

from pelican_photos.site_modules import SiteModules


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a site, from which modules can be imported."""
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield tmp_path / "site"
    for name in sys.modules.keys() - before:
        del sys.modules[name]


def write(file, text):
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    importlib.invalidate_caches()
    return file


def test_a_module_is_read_as_it_is_now(folder):
    modules = SiteModules(folder)
    menu = write(folder / "menu.py", "MENU = 1")
    with modules.imported_anew():
        assert importlib.import_module("menu").MENU == 1
    write(menu, "MENU = 23")

    with modules.imported_anew():
        assert importlib.import_module("menu").MENU == 23
    assert modules.files == [menu]


def test_one_of_a_folder_is_too(folder):
    modules = SiteModules(folder)
    menu = write(folder / "conf" / "menu.py", "MENU = 1")
    with modules.imported_anew():
        exec("from conf import menu")
    write(menu, "MENU = 23")

    with modules.imported_anew():
        found = {}
        exec("from conf import menu", found)
    assert found["menu"].MENU == 23
    assert modules.files == [menu]


@pytest.mark.parametrize("mistake", ["if:", "MENU = 1 / 0"])
def test_one_with_a_mistake_is_known_as_well(folder, mistake):
    modules = SiteModules(folder)
    menu = write(folder / "menu.py", mistake)

    with pytest.raises((SyntaxError, ZeroDivisionError)), modules.imported_anew():
        importlib.import_module("menu")

    assert modules.files == [menu]


def test_whatever_lies_among_the_modules_is_borne(folder):
    """To put None there is the usual way to block an import."""
    modules = SiteModules(folder)
    with modules.imported_anew():
        sys.modules["blocked"] = None
        sys.modules["configuration"] = object()

    assert modules.files == []


def test_what_is_installed_below_the_site_is_not_imported_twice(folder):
    modules = SiteModules(folder)
    (folder / "lib" / "site-packages").mkdir(parents=True)
    write(folder / "lib" / "site-packages" / "foreign.py", "")
    sys.path.insert(0, str(folder / "lib" / "site-packages"))
    try:
        with modules.imported_anew():
            importlib.import_module("foreign")
    finally:
        sys.path.pop(0)

    assert modules.files == []
