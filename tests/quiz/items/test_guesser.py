"""A student who knows nothing, and has read how to pass tests: no topic pays for that."""

from __future__ import annotations

import re
import statistics

import pytest
from quiz_helpers import TOPICS

from grader.quiz.items.item import LETTERS
from grader.quiz.items.variants import draw_variant

SEEDS = 60
WITH_CHOICES = [
    topic for topic in TOPICS if any(item.kind in ("single", "multiple") for item in topic.items)
]


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
    "the first": lambda texts: set(range(len(texts[:1]))),
    "the middle number": middle,
    "the most precise": lambda texts: take(texts, lambda text: len(re.findall(r"\d", text))),
}


def earned(item, guess):
    """Return the share of right answers over some variants, and what chance gives."""
    shares, chances = [], []
    for seed in range(SEEDS):
        posed = draw_variant(item, f"guessed/{seed}" if seed else "").posed
        picked = guess([option.text for option in posed.options])
        shares.append((LETTERS.index(posed.key) in picked) / len(picked))
        chances.append(1 / len(posed.options))
    return statistics.mean(shares), statistics.mean(chances)


@pytest.mark.parametrize("topic", WITH_CHOICES, ids=lambda topic: topic.name)
@pytest.mark.parametrize("guess", GUESSES)
def test_no_habit_pays_in_any_topic(topic, guess):
    singles = [item for item in topic.items if item.kind == "single"]
    results = [earned(item, GUESSES[guess]) for item in singles]
    # where the right choice stands is drawn: three standard deviations of that many draws
    luck = 3 * (0.25 * len(singles) / SEEDS) ** 0.5 if guess == "the first" else 1e-9
    assert sum(share for share, _ in results) <= sum(chance for _, chance in results) + luck


@pytest.mark.parametrize("topic", WITH_CHOICES, ids=lambda topic: topic.name)
def test_whoever_takes_the_longer_ones_of_several_has_hardly_any_right(topic):
    """Nor are the right ones just those that are longer than the others."""
    several = [item for item in topic.items if item.kind == "multiple"]
    for item in several:
        posed = draw_variant(item).posed
        lengths = [len(option.text) for option in posed.options]
        longer = {
            LETTERS[place] for place, size in enumerate(lengths) if size > statistics.mean(lengths)
        }
        assert longer != set(posed.key), item.id
