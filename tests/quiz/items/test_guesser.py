"""A student who knows nothing, and has read how to pass tests: no topic pays for that."""

from __future__ import annotations

import re
import statistics

import pytest
from quiz_helpers import TOPICS

from grader.quiz.items.item import LETTERS
from grader.quiz.items.variants import draw_variant

SEEDS = 60


def of_kinds(*kinds):
    """Return a case for each topic that has items of some kinds, with these."""
    found = {topic.name: [item for item in topic.items if item.kind in kinds] for topic in TOPICS}
    return [pytest.param(items, id=name) for name, items in found.items() if items]


def take(texts, measure):
    """Pick what is largest by some measure; several that look alike are one chance together."""
    sizes = [measure(text) for text in texts]
    return {place for place, size in enumerate(sizes) if size >= 0.9 * max(sizes)}


def middle(texts):
    """Pick the middle one where all choices are numbers, as all do who know nothing else."""
    numbers = [[float(found) for found in re.findall(r"\d+\.?\d*", text)] for text in texts]
    if not all(len(found) == 1 for found in numbers):
        return set(range(len(texts)))
    values = [found[0] for found in numbers]
    half = statistics.median_low(values), statistics.median_high(values)
    return {place for place, value in enumerate(values) if value in half}


GUESSES = {
    "the longest": lambda texts: take(texts, len),
    "the shortest": lambda texts: take(texts, lambda text: 1 / len(text)),
    "the first": lambda texts: set(range(len(texts[:1]))),
    "the middle number": middle,
    "the most precise": lambda texts: take(texts, lambda text: len(re.findall(r"\d", text))),
}


drawn = {}  # what is posed, once for all guesses


def posed_of(item, key):
    if (item.id, key) not in drawn:
        drawn[item.id, key] = draw_variant(item, key).posed
    return drawn[item.id, key]


def earned(item, guess):
    """Return the share of right answers over some variants, and what chance gives."""
    shares, chances = [], []
    for seed in range(SEEDS):
        posed = posed_of(item, f"guessed/{seed}" if seed else "")
        picked = guess([option.text for option in posed.options])
        shares.append((LETTERS.index(posed.key) in picked) / len(picked))
        chances.append(1 / len(posed.options))
    return statistics.mean(shares), statistics.mean(chances)


def luck_of(items, guess):
    """Return three standard deviations of what is drawn: a place, or which name is right."""
    by_chance = [one for one in items if one.parameters or guess == "the first"]
    if guess not in ("the first", "the shortest"):
        return 1e-9
    return 3 * (0.25 * len(by_chance) / SEEDS) ** 0.5 + 1e-9


@pytest.mark.parametrize("singles", of_kinds("single"))
@pytest.mark.parametrize("guess", GUESSES)
def test_no_habit_pays_in_any_topic(singles, guess):
    results = [earned(item, GUESSES[guess]) for item in singles]
    luck = luck_of(singles, guess)
    assert sum(share for share, _ in results) <= sum(chance for _, chance in results) + luck


LINES = {
    "the longest": lambda lines: take(lines, len),
    "the shortest": lambda lines: take(lines, lambda line: 1 / len(line)),
    "the first": lambda lines: set(range(len(lines[:1]))),
    "the last": lambda lines: {len(lines) - 1},
    "one in the middle": lambda lines: {(len(lines) - 1) // 2, len(lines) // 2},
}


@pytest.mark.parametrize("guess", LINES)
def test_no_place_of_a_line_pays_where_one_is_wrong(guess):
    """Lines keep their order, and a topic has one or two such questions: all of them count."""
    posed = [
        draw_variant(item).posed for topic in TOPICS for item in topic.items if item.kind == "code"
    ]
    hits = 0.0
    for one in posed:
        picked = LINES[guess]([option.text for option in one.options])
        hits += (LETTERS.index(one.key) in picked) / len(picked)
    assert hits <= sum(1 / len(one.options) for one in posed) + 1e-9


@pytest.mark.parametrize("word", ["true", "false"])
def test_neither_verdict_on_all_claims_pays(word):
    """Whoever calls every claim true, or every one false, and knows the reasons, has about half."""
    keys = [
        draw_variant(item).posed.key[0]
        for topic in TOPICS
        for item in topic.items
        if item.kind == "claim"
    ]
    assert 0.4 <= keys.count(word) / len(keys) <= 0.6


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize("items", of_kinds("single", "claim"))
def test_no_habit_pays_for_the_reasons_of_claims_and_choices_together(items, guess):
    hits = chance = 0.0
    for item in items:
        places = [posed_of(item, f"reason/{seed}") for seed in range(SEEDS)]
        for one in places:
            picked = GUESSES[guess]([option.text for option in one.options])
            letter = one.key[-1]
            hits += (LETTERS.index(letter) in picked) / len(picked) / SEEDS
            chance += 1 / len(one.options) / SEEDS
    assert hits <= chance + luck_of(items, guess)


@pytest.mark.parametrize("several", of_kinds("multiple"))
def test_whoever_takes_the_longer_ones_of_several_has_hardly_any_right(several):
    """Nor are the right ones just those that are longer than the others."""
    for item in several:
        posed = draw_variant(item).posed
        lengths = [len(option.text) for option in posed.options]
        longer = {
            LETTERS[place] for place, size in enumerate(lengths) if size > statistics.mean(lengths)
        }
        assert longer != set(posed.key), item.id
