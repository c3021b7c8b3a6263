import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment

from pelican_photos.plugin.environment import prepare


def an_environment(templates: dict[str, str], **options) -> Environment:
    environment = Environment(loader=ChoiceLoader([DictLoader(templates)]), **options)
    prepare(environment)
    return environment


def test_our_templates_escape_and_the_sites_own_stay_as_they_were():
    environment = an_environment(
        {
            "base.html": "{{ x }}|{% block content %}{% endblock %}",
            "photos/a.html": '{% extends "base.html" %}{% block content %}{{ x }}{% endblock %}',
        }
    )

    assert environment.get_template("photos/a.html").render(x="<b>") == "<b>|&lt;b&gt;"
    assert environment.get_template("base.html").render(x="<b>") == "<b>|"


@pytest.mark.parametrize("before", [True, lambda _: True])
def test_a_site_that_escapes_everything_goes_on_to(before):
    environment = an_environment({"base.html": "{{ x }}"}, autoescape=before)

    assert environment.get_template("base.html").render(x="<b>") == "&lt;b&gt;"


def test_a_template_that_a_theme_replaces_escapes_as_well():
    environment = an_environment({"!theme/photos/tags.html": "{{ x }}"})

    assert environment.get_template("!theme/photos/tags.html").render(x="<b>") == "&lt;b&gt;"


def test_a_theme_wins_over_our_templates_and_need_not_have_any():
    environment = an_environment({"photos/tags.html": "theirs"})

    assert environment.get_template("photos/tags.html").render() == "theirs"
    assert environment.get_template("photos/_tile.html")


def test_a_macro_of_ours_escapes_also_where_the_page_does_not():
    environment = an_environment(
        {
            "photos/m.html": "{% macro m(x) %}{{ x }}{% endmacro %}",
            "index.html": '{% from "photos/m.html" import m %}{{ m("<b>") }}',
        }
    )

    assert environment.get_template("index.html").render() == "&lt;b&gt;"
