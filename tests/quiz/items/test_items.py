"""The course's items: every row of the quiz table, with the decks' own numbers first."""

from __future__ import annotations

import re

import pytest
from quiz_helpers import ITEMS, QUIZZES, TOPICS, item_called

from grader.quiz.items.loading import topic_names
from grader.quiz.items.variants import DECK, draw_variant
from grader.quiz.lint.problems import find_problems
from grader.quiz.marking import mark_answer, right_answer

CONTRACT = ["conv", "by-hand", "parameters", "losses", "activations", "optimisers", "recurrent"]
CONTRACT += ["embeddings", "transfer", "generative", "networks", "linear", "train"]

DECKS_ANSWERS = {
    "conv.stride-1": "5",
    "conv.stride-2": "3",
    "conv.stride-3": "2",
    "conv.padded": "7",
    "conv.shrinking": "24",
    "conv.ten-filters-size": "128x128x10",
    "conv.ten-filters-parameters": "760",
    "conv.six-filters": "28x28x6",
    "conv.conv2d-parameters": "26",
    "conv.dot-product": "75",
    "by-hand.identity": "1 1 1 0 0",
    "by-hand.blur": "6 9 8 7 4",
    "by-hand.edge": "0 0 -2 -4 -4",
    "by-hand.relu-max-pool": "1 3; 1 3",
    "by-hand.behind-one-pixel": "16",
    "parameters.image-neurons": "65,536",
    "parameters.dense-million": "65,537,000",
    "parameters.dense-billion": "1,073,758,208",
    "parameters.two-hidden-billion": "1,208,070,000",
    "parameters.two-layers": "407,050",
    "parameters.lenet": "61,706",
    "parameters.alexnet-first": "34,944",
    "parameters.alexnet-first-size": "55x55x96",
    "parameters.rnn-matrix": "4x7",
    "losses.log-one-over-p": "0.693",
    "losses.hinge": "2.9",
    "losses.cross-entropy": "2.04",
    "losses.l2-penalty": "0.625",
    "activations.relu-gradient": "0 -3 5",
    "recurrent.hello": "1 0 0 0",
    "recurrent.hello-shape": "5x4",
    "embeddings.table-size": "3,000,000",
    "transfer.learning-rate": "0.001",
    "networks.x-or-o-score": "0.56",
    "networks.pooling-depth": "112x112x64",
    "networks.resnet": "LSTM",
}
"""Worked out by hand from the decks, as a second source beside the formulas."""

IN_THE_QUESTION = {
    "conv.keep-size": ["3x3", "5x5", "7x7"],
    "conv.filter-covers-input": ["F = N + 2P"],
    "conv.conv2d-arguments": ["nn.Conv2d(3, 2, 2)"],
    "conv.symbols": ["(H-2, W-2, k)"],
    "parameters.lstm-symbols": ["4n x 2n"],
    "parameters.maxout": ["maxout"],
    "losses.l2-choice": ["[1, 0, 0, 0]", "[0.25, 0.25, 0.25, 0.25]"],
    "activations.sigmoid-problems": ["three problems"],
    "activations.which-die": ["die"],
    "activations.zero-centred": ["zero-centred"],
    "optimisers.steep-and-shallow": ["steep", "shallow"],
    "optimisers.momentum-values": ["0.5", "0.9", "0.99"],
    "recurrent.vanishing": ["vanishing"],
    "recurrent.exploding": ["exploding"],
    "recurrent.clipping": ["clipping"],
    "recurrent.lstm-gates": ["how much of the old cell is kept", "what the new content is"],
    "transfer.what-to-do": [
        "little data, similar",
        "much data, different",
        "lowered learning rate",
    ],
    "generative.gan-roles": ["discriminator"],
    "generative.autoencoder-or-denoising": ["denoising"],
    "generative.supervised-or-not": ["unsupervised"],
    "networks.x-or-o-parts": ["X from O"],
    "networks.why-pooling": ["pooling"],
}


@pytest.mark.parametrize("name", DECKS_ANSWERS)
def test_the_first_variant_has_the_decks_answer(name):
    """The answer that was worked out by hand is the one that the item computes."""
    assert mark_answer(draw_variant(item_called(name)), DECKS_ANSWERS[name]).right


@pytest.mark.parametrize("name", IN_THE_QUESTION)
def test_the_first_variant_asks_what_the_deck_asks(name):
    """The deck's words and numbers are on the screen."""
    variant = draw_variant(item_called(name))
    options = [option.text for option in variant.posed.options]
    shown = "\n".join([variant.question, *options, *variant.posed.lefts])
    assert [words for words in IN_THE_QUESTION[name] if words not in shown] == []


STANDARD = {
    "parameters.lenet": ("LeNet (the", {"c1": 6, "c2": 16, "d1": 120, "d2": 84, "k": 10}),
    "parameters.alexnet-first": ("AlexNet", {"k": 96, "f": 11, "n": 227, "s": 4}),
    "parameters.alexnet-first-size": ("AlexNet", {"k": 96, "f": 11, "n": 227, "s": 4}),
    "parameters.alexnet-dense": ("AlexNet", {"n": 6, "c": 256, "d": 4096}),
}
"""The numbers of networks that are called by name."""


@pytest.mark.parametrize("name", STANDARD)
def test_a_network_is_named_only_where_the_numbers_are_its_own(name):
    """Fresh numbers make another network; what is true of the named one is not said of it."""
    word, own = STANDARD[name]
    for key in (DECK, *(f"named/{seed}" for seed in range(200))):
        variant = draw_variant(item_called(name), key)
        its_own = all(variant.names[letter] == number for letter, number in own.items())
        assert (word in variant.question) == its_own
        assert its_own or "convolutions" not in variant.explanation


def test_the_lectures_table_of_transfer_learning_has_four_different_answers():
    """How many layers move, and that the rate is lowered, is said once for each cell."""
    pairs = dict(item_called("transfer.what-to-do").body["pairs"])
    little_similar, little_other, much_similar, much_other = pairs.values()
    assert "simpler model" in little_similar
    assert "difficult" in little_other
    assert "a few layers" in much_similar
    assert "many of the layers" in much_other
    assert all("lowered learning rate" in text for text in (much_similar, much_other))


def test_the_topics_are_the_contracts():
    """Each topic that the contract names is a file, and no other is."""
    assert sorted(CONTRACT) == list(topic_names(QUIZZES))
    assert [topic.name for topic in TOPICS] == CONTRACT


def test_every_deck_is_asked_about():
    """All five decks are sources, and nothing else is."""
    decks = {deck for item in ITEMS if item.deck for deck in item.deck.split(", ")}
    assert decks == {"000", "001", "002", "003", "004"}


def test_every_exercise_to_practise_is_one_of_the_course():
    """A student who follows the advice finds the function."""
    for item in ITEMS:
        module, _, name = item.practise.partition(".")
        stub = (QUIZZES.parent / "exercises" / f"{module}.py").read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {name}[(:]", stub, re.MULTILINE), item.practise


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("seeds", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_items_lint_clean(topic, seeds):
    """Every rule holds over many seeds of each item, and over the choices of each topic."""
    assert find_problems((topic,), seeds=seeds) == []


def test_every_exercise_is_practised_by_a_question():
    """Nobody writes a function that no question leads to."""
    exercises = {
        f"{stub.stem}.{name}"
        for stub in (QUIZZES.parent / "exercises").glob("*.py")
        for name in re.findall(r"^(?:def|class) (\w+)[(:]", stub.read_text("utf-8"), re.MULTILINE)
    }
    assert len(exercises) >= 85
    assert exercises <= {item.practise for item in ITEMS}


def test_the_picture_shows_the_kernels_outputs_of_the_deck():
    """Blurring the deck's picture gives the deck's 25 ninths, row by row."""
    rows = ["3 5 6 5 3", "5 8 8 6 3", "6 9 8 7 4", "5 8 8 6 3", "3 5 6 5 3"]
    item = item_called("by-hand.blur")
    for row, ninths in enumerate(rows, start=1):
        parameters = tuple(
            type(p)(p.name, row if p.name == "r" else p.deck, p.among, p.shape)
            for p in item.parameters
        )
        changed = type(item)(
            **{f: getattr(item, f) for f in item.__slots__} | {"parameters": parameters}
        )
        assert right_answer(draw_variant(changed)) == ninths


def test_questions_fit_on_the_screen():
    """No question or option is a wall of text, in any of some variants."""
    for item in ITEMS:
        for key in ("", "1", "2"):
            variant = draw_variant(item, key)
            assert len(variant.question) <= 260, item.id
            assert max((len(o.text) for o in variant.posed.options), default=0) <= 100, item.id


def test_fresh_variants_are_fresh():
    """An item with parameters has at least three different variants among thirty keys."""
    for item in ITEMS:
        if item.parameters:
            found = set()
            for key in range(30):  # as a rule the first three will do
                found.add(str(draw_variant(item, str(key)).names))
                if len(found) == 3:
                    break
            assert len(found) == 3, item.id
