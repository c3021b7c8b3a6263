import pytest
from building.contenders import SAMPLED, Findings
from building.measuring import added, growth, pages_verdicts, shots
from building.posts import edited, write_post
from building.process_tree import Cost, Failed
from building.report import Verdict, markdown, plain, table
from building.rounds import Results, compete, in_turn


def a_cost(cpu: float) -> Cost:
    return Cost(cpu=cpu, wall=cpu / 2, memory=50, written=1)


def a_contender(*phases: tuple[str, float]):
    """Somebody who needs so many seconds for each phase, and says so."""

    def run(root, old, new):
        (root / "made").touch()
        for phase, cpu in phases:
            yield phase, a_cost(cpu)

    return run


def failing(root, old, new):
    yield "cold", a_cost(1)
    raise Failed("the theme is missing")


def some_results(**costs: list[float]) -> Results:
    results = Results()
    for name, each in costs.items():
        for cpu in each:
            for phase in ("cold", "no-op"):
                results.note(name, phase, a_cost(cpu))
    return results


def test_everybody_runs_in_each_round(tmp_path):
    everybody = {"ours": a_contender(("cold", 2)), "sigal": a_contender(("cold", 4))}

    results = compete(everybody, (), (), tmp_path, rounds=3)

    assert {name: len(costs["cold"]) for name, costs in results.costs.items()} == {
        "ours": 3,
        "sigal": 3,
    }
    assert list(tmp_path.iterdir()) == []


def test_those_that_are_held_against_each_other_are_neighbours():
    names = ["sigal", "hugo", "bare loop", "sharp", "ours", "photos"]

    orders = {tuple(in_turn(names)) for _ in range(200)}

    assert len(orders) > 20
    for order in orders:
        assert sorted(order) == sorted(names)
        assert abs(order.index("ours") - order.index("sigal")) == 1


def test_an_order_without_a_peer_is_an_order_of_all_the_others():
    assert sorted(in_turn(["ours", "hugo"])) == ["hugo", "ours"]


def test_a_peer_that_fails_is_left_out_and_the_others_go_on(tmp_path, capsys):
    results = compete(
        {"ours": a_contender(("cold", 2)), "sigal": failing}, (), (), tmp_path, rounds=2
    )

    assert list(results.costs) == ["ours"]
    assert "sigal: left out: the theme is missing" in capsys.readouterr().out


@pytest.mark.parametrize("whole", [0, 2])
def test_a_run_that_is_stopped_keeps_the_rounds_that_were_whole(tmp_path, whole):
    rounds = iter(range(whole + 1))

    def sigal(root, old, new):
        yield "cold", a_cost(4)
        if next(rounds) == whole:
            raise KeyboardInterrupt

    everybody = {"ours": a_contender(("cold", 2)), "sigal": sigal}
    results = compete(everybody, (), (), tmp_path, rounds=3)

    assert results.stopped
    kept = {name: len(costs["cold"]) for name, costs in results.costs.items()}
    assert kept == ({"ours": whole, "sigal": whole} if whole else {})


def test_nothing_is_measured_without_ours(tmp_path):
    with pytest.raises(Failed, match="the theme is missing"):
        compete({"ours, as shipped": failing}, (), (), tmp_path, rounds=2)


def test_a_ratio_is_taken_within_a_round():
    results = some_results(ours=[1, 10, 4], sigal=[2, 20, 1])

    assert results.ratio("ours", "sigal", "cold") == 0.5


def test_a_number_that_is_too_large_falls_short():
    assert str(Verdict("peak MB", 250, 200)) == "peak MB: 250 (target ≤ 200) SHORT"
    assert str(Verdict("peak MB", 200, 200)) == "peak MB: 200 (target ≤ 200) ok"


def test_pages_are_judged_by_pelican_and_hugo():
    results = some_results(ours=[2], Pelican=[10], hugo=[1.5])
    findings = Findings(rewritten=7, pages={"Ours": 30, "Articles": 15, "Hugo": 15})

    met = {each.name: each.met for each in pages_verdicts(results, findings)}

    assert met == {
        "cold CPU, of as many pages of Pelican's own": True,
        "nothing changed, of Pelican's rebuild of as many": True,
        "nothing changed, of Hugo's rebuild of as many": True,
        "pages rendered with nothing changed": True,
        "files written anew with nothing changed": False,
    }


def test_the_table_has_the_quickest_first_and_can_be_pasted():
    rows = table(some_results(slow=[30], quick=[3]), against="quick")

    assert [row[:4] for row in rows[1:]] == [
        ["quick", "3.00", "1.00", "1.5"],
        ["slow", "30.0", "10.00", "15.0"],
    ]
    assert markdown(rows).splitlines()[1] == "|---" + "|---:" * (len(rows[0]) - 1) + "|"
    assert len({len(line) for line in plain(rows).splitlines()}) == 1


def test_ten_more_are_held_against_a_first_build_in_the_same_round():
    findings = Findings(sampled=50)
    findings.seconds = {"no-op": [1, 1, 1], "+10 photos": [3, 3, 21], SAMPLED: [10, 5, 50]}

    assert added(findings, "+10 photos") == 2


def test_what_starts_up_is_no_part_of_what_each_costs():
    assert growth(start=1, few=2, many=11) == pytest.approx(1)
    assert growth(start=1, few=2, many=101) == pytest.approx(10)


def test_photos_are_told_the_same_words_each_time():
    assert write_post(7) == write_post(7)
    assert write_post(7).slug != write_post(8).slug


def test_an_edit_changes_the_caption_and_nothing_else():
    before, after = write_post(3), edited(write_post(3))

    assert after.caption != before.caption
    assert (after.slug, after.title, after.tags) == (before.slug, before.title, before.tags)


def test_photos_that_come_later_are_the_newest(tmp_path):
    old, new = shots([tmp_path / f"{number}.jpg" for number in range(6)], new=2)

    newest_of_old = max(shot.post.published for shot in old)
    assert all(shot.post.published > newest_of_old for shot in new)
    assert len({shot.post.slug for shot in old + new}) == 6
