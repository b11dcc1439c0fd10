"""Conjugate updates: closed forms against integration, what is refused and why, and the scenario that is written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import integrate, stats

from soemrisk.cli import commands
from soemrisk.conjugate import of_counts, of_estimate, of_events, of_logarithm
from soemrisk.distribution import resolve
from soemrisk.errors import ScenarioError
from soemrisk.full_form import full_document
from soemrisk.observed_numbers import observations_of
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.reading import parse, read
from soemrisk.updating import learn, updated_document

VALID = Path(__file__).parents[1] / "spec" / "valid"


def moments(prior, likelihood, low: float, high: float) -> tuple[float, float]:
    """Mean and sd of the posterior by SciPy's quadrature of prior times likelihood."""
    mass, first, second = (
        integrate.quad(
            lambda x, k=k: x**k * prior.pdf(x) * likelihood(x), low, high, epsabs=0, epsrel=1e-11, limit=400
        )[0]
        for k in (0, 1, 2)
    )
    return first / mass, np.sqrt(second / mass - (first / mass) ** 2)


@pytest.mark.parametrize("power", [1.0, 0.4])
def test_updates_are_bayes_by_quadrature(power: float) -> None:
    found = of_counts({"a": 16.5, "b": 7.5}, 12, 20, power).parameters
    prior = stats.beta(16.5 * power, 7.5 * power)
    known = moments(prior, lambda x: x**12 * (1 - x) ** 8, 0, 1)
    after = stats.beta(found["a"], found["b"])
    assert (after.mean(), after.std()) == pytest.approx(known, rel=1e-8)
    found = of_estimate({"mean": -60.0, "sd": 20.0}, -35.0, 12.0, power).parameters
    known = moments(stats.norm(-60, 20 / np.sqrt(power)), lambda x: stats.norm(-35, 12).pdf(x), -250, 150)
    assert (found["mean"], found["sd"]) == pytest.approx(known, rel=1e-8)
    found = of_events({"shape": 4.0, "scale": 0.5}, 7, 3.0, power).parameters
    known = moments(stats.gamma(4 * power, scale=0.5 / power), lambda x: stats.poisson(3 * x).pmf(7), 0, 30)
    after = stats.gamma(found["shape"], scale=found["scale"])
    assert (after.mean(), after.std()) == pytest.approx(known, rel=1e-8)


def test_the_weight_is_that_of_the_earlier_mean_in_the_new_one() -> None:
    found = of_counts({"a": 3.0, "b": 1.0}, 2, 6)
    after = found.parameters["a"] / (found.parameters["a"] + found.parameters["b"])
    assert after == pytest.approx(found.weight * 0.75 + (1 - found.weight) * 2 / 6)
    events = of_events({"shape": 4.0, "scale": 0.5}, 7, 3.0)
    mean = events.parameters["shape"] * events.parameters["scale"]
    assert mean == pytest.approx(events.weight * 2 + (1 - events.weight) * 7 / 3)


def test_the_p_value_is_the_chance_of_what_is_no_more_probable() -> None:
    """SciPy's beta-binomial; draws of the negative binomial and of the normal."""
    ahead = stats.betabinom(20, 16.5, 7.5).pmf(np.arange(21))
    assert of_counts({"a": 16.5, "b": 7.5}, 6, 20).surprise == pytest.approx(
        ahead[ahead <= ahead[6] * (1 + 1e-9)].sum()
    )
    rng = np.random.default_rng(4)
    drawn = rng.poisson(3 * rng.gamma(4, 0.5, 200_000))
    chances = np.bincount(drawn, minlength=40) / len(drawn)
    found = of_events({"shape": 4.0, "scale": 0.5}, 15, 3.0).surprise
    assert found == pytest.approx(chances[chances <= chances[15]].sum(), abs=0.01)
    estimates = rng.normal(rng.normal(-60, 20, 200_000), 12)
    found = of_estimate({"mean": -60.0, "sd": 20.0}, -15.0, 12.0).surprise
    assert found == pytest.approx((np.abs(estimates + 60) >= 45).mean(), abs=0.004)


def reason(source: str, **observation: object) -> str:
    scenario = read(VALID / source if source.endswith(".toml") else source)
    with pytest.raises(ScenarioError) as caught:
        learn(scenario, observations_of({"observed": [{"source": "x", **observation}]}, "o.toml"), "o.toml")
    return caught.value.describe("en")


def test_gross_counts_on_a_net_rate_are_refused_with_the_reason() -> None:
    counts = {"successes": 16, "of": 23}
    for source, place in (("shortest.toml", "success.net"), ("effect-odds-ratio.toml", "success.effect")):
        told = reason(source, place=place, counts=counts)
        assert f"{place} cannot be updated: counts without a control group say how many succeed with" in told


def test_what_cannot_learn_in_closed_form_says_why() -> None:
    shelter = "consequences.herberg.change"
    price = "services.herberg.price"
    assert "write price_year (the number itself is in prices of" in reason(
        "shortest.toml", place=price, estimate=1300, se=20
    )
    assert "only where the distribution stays in its family, and pert does not" in reason(
        "shortest.toml", place=price, estimate=1300, se=20, price_year=2022, prior_weight=0.5
    )
    assert "counts as certain" in reason("shortest.toml", place="costs.team.amount", estimate=1, se=1)
    assert "is no number of the scenario" in reason(
        "shortest.toml", place="success.with", counts={"successes": 1, "of": 2}
    )
    assert "an observation is counts, or" in reason("shortest.toml", place=shelter, estimate=-50)
    assert "above 0 and at most 1" in reason("shortest.toml", place=shelter, estimate=-50, se=5, prior_weight=1.5)
    assert "list by year" in reason("statements.toml", place="consequences.yearly_listed.change", estimate=1, se=1)


def test_what_would_not_stay_with_the_number_is_refused() -> None:
    assert "multiplied by the common factor" in reason(
        "act-randers", place="consequences.herberg.change", estimate=-20, se=2
    )
    text = (Path(__file__).parents[2] / "scenarios" / "act-randers.toml").read_text(encoding="utf-8")
    together = '\n[[correlations]]\nbetween = ["success.with", "success.without"]\nrank = 0.3\nsource = "x"\n'
    seen = {"place": "success.with", "counts": {"successes": 2, "of": 20}, "source": "x"}
    with pytest.raises(ScenarioError) as caught:
        learn(parse((text + together).encode(), "x.toml"), observations_of({"observed": [seen]}, "o.toml"), "o.toml")
    assert "correlated with others" in caught.value.describe("en")
    cost = "costs.indsats.amount"
    assert "shares of persons" in reason("act-randers", place=cost, counts={"successes": 1, "of": 2})
    assert "use per person and year" in reason("act-randers", place=cost, events=2, person_years=1)


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    seen, out = tmp_path / "seen.toml", tmp_path / "new.toml"
    line = 'place = "success.with"\ncounts = { successes = 12, of = 20 }\nsource = "x"\n'
    seen.write_text(f"[[observed]]\n{line}", encoding="utf-8")
    out.write_text("mine", encoding="utf-8")
    for name, said in ((out, "--force"), (seen, "file of observations"), (tmp_path / "a.xlsx", "workbook export")):
        done = CliRunner().invoke(
            commands, ["update", "act-randers", "--observed", str(seen), str(name), "--lang", "en"]
        )
        assert done.exit_code == 2
        assert said in done.output
    assert out.read_text(encoding="utf-8") == "mine"
    done = CliRunner().invoke(commands, ["update", "act-randers", "--observed", str(seen), str(out), "--force"])
    assert done.exit_code == 0, done.output
    assert "success" in out.read_text(encoding="utf-8")


def test_mistakes_of_form_are_told_with_their_place() -> None:
    with pytest.raises(ScenarioError) as caught:
        observations_of({"observed": [{"place": "success.with", "count": 3}]}, "o.toml")
    told = caught.value.describe("en")
    assert 'observed.0.count: unknown key "count"; allowed here: place, source, counts' in told
    assert 'the key "source" is missing' in told


def written(tmp_path: Path, text: str, *more: str) -> tuple[Path, object]:
    observed, out = tmp_path / "seen.toml", tmp_path / "new.toml"
    observed.write_text(text, encoding="utf-8")
    return out, CliRunner().invoke(commands, ["update", "act-randers", "--observed", str(observed), str(out), *more])


TEXT = '[[observed]]\nplace = "success.with"\ncounts = { successes = 4, of = 20 }\nsource = "Own files 2024"\n'


def test_the_new_scenario_keeps_the_old_source_and_all_other_numbers(tmp_path: Path) -> None:
    out, done = written(tmp_path, TEXT, "--lang", "en")
    assert done.exit_code == 0, done.output
    old, new = read("act-randers"), read(out)
    assert old.success is not None
    assert new.success is not None
    assert old.success.with_ is not None
    assert new.success.with_ is not None
    assert new.success.with_.source == f"{old.success.with_.source}; updated with Own files 2024"
    assert dict(new.success.with_.parameters or {}) == {"a": 20.5, "b": 23.5}
    kept = new.model_copy(update={"success": old.success})
    assert kept == old
    assert "success.with: 0.6875" in done.stdout
    assert "earlier knowledge weighs 55\u00a0%" in done.stdout
    assert "the observations fit the earlier knowledge badly (p = 0.000" in done.stdout
    assert "SØM number for Kommune: 225,612" in done.stdout.replace("Municipality", "Kommune")


def test_the_object_has_the_same_figures(tmp_path: Path) -> None:
    _, done = written(tmp_path, TEXT, "--json")
    found = json.loads(done.stdout)
    rate = found["numbers"]["success.with"]
    assert rate["after"]["mean"] == pytest.approx(20.5 / 44)
    assert rate["prior_weight"] == pytest.approx(24 / 44)
    assert rate["conflict"] is True
    assert rate["p_value"] < 0.001
    assert round(found["base"]["before"]["kommune"]) == 225612


def test_a_refusal_writes_nothing(tmp_path: Path) -> None:
    out, done = written(tmp_path, TEXT.replace("success.with", "success.nett"))
    assert done.exit_code == 2
    assert not out.exists()


def learnt(source: str, *several: dict[str, object]) -> list:
    scenario = read(VALID / source if source.endswith(".toml") else source)
    listed = [{"source": "x", **one} for one in several]
    return learn(scenario, observations_of({"observed": listed}, "o.toml"), "o.toml")


def test_own_prices_are_in_prices_of_the_service() -> None:
    """The shelter's price year is 2022, so kroner of 2023 are multiplied by 113.53/118.04."""
    place = "services.herberg.price"
    own = learnt("act-randers", {"place": place, "estimate": 1180, "se": 35, "price_year": 2023, "replace": True})[0]
    assert own.stated["value"] == pytest.approx(1180 * 113.53 / 118.04, rel=1e-11)
    assert own.stated["se"] == pytest.approx(35 * 113.53 / 118.04, rel=1e-11)
    assert (own.method, own.weight) == ("replaced", 0.0)
    same = learnt("act-randers", {"place": place, "estimate": 1180, "se": 35, "price_year": 2022})[0]
    assert same.price_factor == 1
    told = reason("act-randers", place=place, estimate=1180, se=35, price_year=1990)
    assert "the scenario's price index does not have both 1990 and 2022" in told
    told = reason("act-randers", place="success.with", counts={"successes": 1, "of": 2}, price_year=2022)
    assert "price_year belongs to prices and amounts" in told


def test_a_lognormal_number_learns_on_its_logarithm_from_an_error_of_the_logarithm() -> None:
    """The cost of the team is lognormal; both ends of the 90 % interval fix mu and sigma. The update by quadrature."""
    seen = {"place": "costs.indsats.amount", "price_year": 2022, "estimate": 7_900_000}
    found = learnt("act-randers", {**seen, "log_se": 0.02})[0]
    before = found.before.parameters
    prior = stats.norm(before["mu"], before["sigma"])
    mean, sd = moments(prior, lambda x: stats.norm(np.log(7.9e6), 0.02).pdf(x), 15.5, 16.2)
    after = found.after.parameters
    assert (after["mu"], after["sigma"]) == pytest.approx((mean, sd), rel=1e-8)
    assert found.method == "closed_form"
    assert found.after.base == pytest.approx(np.exp(mean + sd**2 / 2), rel=1e-9)
    vague = of_logarithm({"mu": 0.0, "sigma": 1e6}, 3.0, 0.5).parameters
    assert (vague["mu"], vague["sigma"]) == pytest.approx((3.0, 0.5), rel=1e-9)


def test_a_lognormal_number_learns_exactly_from_an_error_in_its_own_unit() -> None:
    """A cost of 1000 ± 200 and an estimate of 1400 ± 200: normal likelihood, by quadrature; observations alike."""
    scenario = read("act-randers")
    amount = scenario.costs["indsats"].amount
    stated = Quantity(value=1000, se=200, unit=amount.unit, source="x")
    cost = scenario.costs["indsats"].model_copy(update={"amount": stated})
    scenario = scenario.model_copy(update={"costs": {"indsats": cost}})
    variance = np.log1p(0.04)
    prior = stats.lognorm(np.sqrt(variance), scale=1000 * np.exp(-variance / 2))
    mean, sd = moments(prior, lambda x: stats.norm(1400, 200).pdf(x), 100, 3000)
    assert (round(mean), round(sd)) == (1209, 160)
    apart = [952.786405, 1847.213595] * 4  # the t distribution of the mean has sd 200
    for seen in ({"estimate": 1400, "se": 200}, {"observations": apart}):
        one = {"place": "costs.indsats.amount", "price_year": 2022, "source": "x", **seen}
        found = learn(scenario, observations_of({"observed": [one]}, "o.toml"), "o.toml")[0]
        assert (found.method, found.after.family) == ("numerical", "histogram")
        assert found.after.mean == pytest.approx(mean, abs=2e-3 * sd)
        assert found.weight == pytest.approx(0.5, abs=1e-9)
        with pytest.raises(ScenarioError, match="prior_weight"):
            learn(scenario, observations_of({"observed": [{**one, "prior_weight": 0.5}]}, "o.toml"), "o.toml")


def test_numbers_one_by_one_say_what_their_mean_is(tmp_path: Path) -> None:
    numbers = [2100.0, 2350.0, 2500.0, 2280.0, 2410.0]
    (tmp_path / "own.csv").write_text("takst;sted\n" + "".join(f"{x:.0f},0;a\n" for x in numbers), encoding="utf-8")
    text = '[[observed]]\nplace = "services.botilbud.price"\nprice_year = 2023\nsource = "Own"\n'
    text += 'observations = { file = "own.csv", column = "takst" }\n'
    out, done = written(tmp_path, text, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["numbers"]["services.botilbud.price"]
    t = stats.t(4, np.mean(numbers), np.std(numbers, ddof=1) / np.sqrt(5))
    alone = learnt(
        "act-randers",
        {"place": "services.botilbud.price", "estimate": t.mean(), "se": t.std(), "price_year": 2023},
    )[0]
    assert found["after"]["mean"] == pytest.approx(alone.after.mean, rel=1e-9)
    assert found["method"] == "numerical"
    assert 0 < found["error"]["distance"] < 1e-3
    assert read(out).services["botilbud"].price[0].family == "histogram"
    missing = written(tmp_path, text.replace("own.csv", "none.csv"))[1]
    assert missing.exit_code == 2
    assert "observed.0.observations.file: " in missing.output
    assert "at least four observations" in reason(
        "act-randers", place="services.botilbud.price", observations=[1, 2, 3], price_year=2023
    )


def test_a_replaced_change_leaves_its_group_and_names_what_it_replaces(tmp_path: Path) -> None:
    text = '[[observed]]\nplace = "consequences.herberg.change"\nestimate = -20\nse = 6\n'
    text += 'replace = true\nsource = "Own"\n'
    out, done = written(tmp_path, text, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "replaced by own numbers, earlier knowledge is not used" in done.stdout
    old, new = read("act-randers").consequences["herberg"], read(out).consequences["herberg"]
    assert (old.group, new.group) == ("register", None)
    assert (new.change.value, new.change.se) == (-20, 6)
    assert new.change.source == f"Own; in place of -27.16217276 ({old.change.source})"


def test_own_numbers_that_replace_are_told_where_they_disagree(tmp_path: Path) -> None:
    """The p-value is that of the update, without its refusal; None where nothing can be compared."""
    place = "services.herberg.price"
    seen = {"place": place, "estimate": 950, "se": 60, "price_year": 2022}
    own, updated = (learnt("act-randers", {**seen, "replace": replace})[0] for replace in (True, False))
    assert own.surprise == pytest.approx(updated.surprise, rel=1e-6)
    counts = {"place": "success.with", "counts": {"successes": 4, "of": 20}}
    own, updated = (learnt("act-randers", {**counts, "replace": replace})[0] for replace in (True, False))
    assert own.surprise == updated.surprise < 0.05
    certain = {"place": place, "estimate": 950, "price_year": 2022, "replace": True}
    multiplied = {"place": "consequences.herberg.change", "estimate": 500, "se": 1, "replace": True}
    assert [one.surprise for one in learnt("act-randers", certain, multiplied)] == [None, None]
    text = f'[[observed]]\nplace = "{place}"\nestimate = 9000\nse = 5\nprice_year = 2022\n'
    out, done = written(tmp_path, text + 'replace = true\nsource = "Own"\n', "--lang", "en")
    assert (done.exit_code, out.exists()) == (0, True)
    assert "the own numbers fit the knowledge that they replace badly (p = 0)" in done.stdout


def test_own_numbers_may_replace_what_counts_as_certain_but_not_with_what_is_impossible() -> None:
    place = "services.kontanthjaelp.price"
    own = learnt("act-randers", {"place": place, "estimate": 2750, "price_year": 2022, "replace": True})[0]
    assert (own.after.base, own.after.family) == (2750, None)
    told = reason("act-randers", place=place, estimate=-5, price_year=2022, replace=True)
    assert f"{place} cannot be updated: " in told
    assert "counts without a control group" in reason(
        "shortest.toml", place="success.net", counts={"successes": 16, "of": 23}, replace=True
    )
    assert "earlier knowledge is not used, so prior_weight" in reason(
        "act-randers", place=place, estimate=1, price_year=2022, replace=True, prior_weight=0.5
    )


def test_what_one_cannot_believe_is_refused_and_what_one_hardly_can_is_told() -> None:
    place = "services.herberg.price"
    far = learnt("act-randers", {"place": place, "estimate": 950, "se": 60, "price_year": 2022})[0]
    assert far.surprise < 0.05
    assert 1100 < far.after.mean < far.before.mean
    told = reason("act-randers", place="groups.register.factor", estimate=90.0, se=1.0)
    assert "all but impossible by the earlier knowledge" in told


@pytest.mark.parametrize(("z", "refused"), [(6.4, False), (6.5, True)])
def test_the_limit_of_the_impossible_is_the_same_in_closed_form_and_numerically(z: float, refused: bool) -> None:
    """A lognormal cost, p = 1e-10 at z = 6.467: with the error of the logarithm, and nearly without an error."""
    cost = read("act-randers").costs["indsats"].amount
    before = resolve(cost, DOMAINS["amount"]).parameters
    far = before["mu"] + z * np.hypot(before["sigma"], 0.01)
    near = before["mu"] + z * before["sigma"]
    for seen in (
        {"estimate": round(np.exp(far), 3), "log_se": 0.01},
        {"estimate": round(np.exp(near), 3), "se": 900.0},
    ):
        one = {"place": "costs.indsats.amount", "price_year": 2022, **seen}
        if refused:
            assert "all but impossible by the earlier knowledge" in reason("act-randers", **one)
        else:
            assert learnt("act-randers", one)[0].surprise < 1e-9


def test_the_factor_of_a_group_learns_like_any_number() -> None:
    found = learnt("act-randers", {"place": "groups.register.factor", "estimate": 0.8, "log_se": 0.2})[0]
    assert found.method == "numerical"
    shape = 1 + 4 * (1 - 0.36) / 1.28
    prior = stats.beta(shape, shape, 0.36, 1.28)
    mean, sd = moments(prior, lambda x: np.exp(-((np.log(x / 0.8) / 0.2) ** 2) / 2), 0.36, 1.64)
    assert found.after.mean == pytest.approx(mean, abs=2e-3 * sd)


def test_a_change_that_is_scaled_to_another_baseline_is_replaced_and_not_updated() -> None:
    place = "consequences.kontanthjaelp.change"
    uncertain = "consequences.stoffer_senere.change"
    assert "the change is scaled to the use here" in reason("other-baseline.toml", place=uncertain, estimate=4, se=1)
    scenario = read(VALID / "other-baseline.toml")
    own = [{"place": place, "estimate": 4, "se": 1, "source": "x", "replace": True}]
    found = learn(scenario, observations_of({"observed": own}, "o.toml"), "o.toml")
    document = updated_document(full_document(scenario), scenario, found, {place: "x"})
    assert not {"group", "level_studied"} & set(document["consequences"]["kontanthjaelp"])
    assert document["settings"]["level_scaling"] == "proportional"


def test_one_entry_of_the_library_in_two_places_is_one_number() -> None:
    text = (VALID / "library.toml").read_text(encoding="utf-8") + '\n[groups.other]\nlibrary = "soem-register"\n'
    scenario = parse(text.encode(), "x.toml")
    seen = {"place": "groups.register.factor", "estimate": 0.9, "se": 0.1, "source": "x"}
    with pytest.raises(ScenarioError) as caught:
        learn(scenario, observations_of({"observed": [seen]}, "o.toml"), "o.toml")
    assert "of the library stands in several places of the scenario and is one number" in caught.value.describe("en")
    found = learn(scenario, observations_of({"observed": [{**seen, "replace": True}]}, "o.toml"), "o.toml")
    assert found[0].method == "replaced"
