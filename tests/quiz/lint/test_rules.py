"""The rules that items are held to: each finds its fault, and nothing in a sound item."""

from __future__ import annotations

import pytest
from quiz_helpers import QUIZZES

from grader.quiz.items.loading import load_topic, load_topics
from grader.quiz.lint.guessing import (
    HABITS,
    longest,
    middle_number,
    middle_place,
    most_precise,
    shortest,
)
from grader.quiz.lint.oracle import repeats_formula
from grader.quiz.lint.problems import find_problems
from grader.quiz.lint.shown import equations

SOUND = """
[[item]]
id = "t.one"
kind = "number"
deck = "added"
question = "{An(n)}x{n} image has {f} channels. How many numbers is that?"
parameters.n = { deck = 7, range = [5, 40] }
parameters.f = { deck = 3, among = [2, 3, 5] }
answer = "n * n * f"
torch = "nn.Flatten()(torch.zeros(1, f, n, n)).shape[1]"
explanation = "{n}*{n}*{f} = {answer}."
slips = [{ name = "one side", value = "n * f", says = "Both sides." }]
"""

CHOICES = """
[[item]]
id = "t.{name}"
kind = "single"
deck = "added"
question = "Which?"
choices = [
    {{ text = "{right}", right = true }},
    {{ text = "{one}", says = "No." }},
    {{ text = "{two}", says = "No." }},
    {{ text = "{three}", says = "No." }},
]
without_torch = "nothing to compute"
explanation = "That one."
"""


def found(tmp_path, text, seeds=30):
    folder = tmp_path / "quizzes"
    folder.mkdir(exist_ok=True)
    (folder / "t.toml").write_text(f'title = "t"\nplace = 1\n{text}', encoding="utf-8")
    return [problem.message for problem in find_problems((load_topic(folder, "t"),), seeds)]


def changed(*pairs):
    text = SOUND
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_sound_item_has_no_problem(tmp_path):
    assert found(tmp_path, SOUND) == []


TORCH = "nn.Flatten()(torch.zeros(1, f, n, n)).shape[1]"
SLIP = 'slips = [{ name = "one side", value = "n * f", says = "Both sides." }]'
UNTOLD = [("torch =", "without_torch ="), ("{n}*{n}*{f} = {answer}.", "So.")]
BROKEN = {
    "the first variant takes the slip 'one side' for right": [
        ('"n * f"', '"n * f if n > 7 else n * n * f"')
    ],
    "the tolerance takes the slip 'one side' for right": [
        ('"n * f"', '"n * n * f + 2"'), ('answer = "n', 'tolerance = 3\nanswer = "n'),
        ("deck = 7", "deck = 9"),
    ],
    "the tolerance takes 0 for right": [
        ('n * n * f"\n', 'f / n ** 4"\ntolerance = 0.001\n'), *UNTOLD,
    ],
    "must be `relative`": [
        ('n * n * f"\n', 'f / n ** 4"\ntolerance = 0.00001\n'), *UNTOLD,
    ],
    "answer 0, a negative number or one of the question's": [
        ('"n * n * f"', '"n * f // f"'), *UNTOLD,
    ],
    "variants answer 0, a negative": [
        ('"n * n * f"', '"f - n * n"'), *UNTOLD,
    ],
    "its answer is no whole number": [('"n * n * f"', '"n * n * f / 64"'), *UNTOLD],
    "its torch check repeats the formula": [(TORCH, "torch.tensor(n * n * f).item()")],
    "a formula does not hold as it stands: -": [
        ("{n}*{n}*{f} = {answer}.", "{-n}^2*{f} = {answer}."),
    ],
    "one of a thing has no s: 1 channels": [
        ("deck = 3, among = [2, 3, 5]", "deck = 1, among = [1, 2]"),
    ],
    "one of a thing has no s: 1 zeros": [("How many", "Beside it stand {f - 2} zeros. How many")],
    "many of a thing have an s: 3 channel": [("{f} channels", "{f} channel")],
    "`a` before a vowel: A 8x8": [("{An(n)}x", "A {n}x"), ("range = [5, 40]", "among = [8, 9]")],
    "`an` before a consonant: An 7x7": [("{An(n)}x", "An {n}x")],
    "a network is named whose numbers these are not: AlexNet": [
        ("has {f} channels", "of AlexNet has {f} channels"),
    ],
    "no slip: name": [(SLIP, "")],
}  # fmt: skip


@pytest.mark.parametrize("words", BROKEN)
def test_each_fault_is_found(tmp_path, words):
    assert [message for message in found(tmp_path, changed(*BROKEN[words])) if words in message]


def test_an_answer_with_a_sign_is_no_empty_one_where_the_item_says_so(tmp_path):
    pairs = [
        ('"n * n * f"\n', '"f - n * n"\nsigned = true\n'),
        ("{n}*{n}*{f} =", "{f} - {n}*{n} ="),
    ]
    pairs += [(TORCH, "f - torch.ones(n, n).flatten().numel()")]
    assert found(tmp_path, changed(*pairs)) == []


def test_a_slip_that_cannot_be_typed_is_found(tmp_path):
    pairs = [
        ('kind = "number"', 'kind = "shape"'),
        ("How many numbers is that?", "Which shape has it as a batch of one?"),
        ('"n * n * f"\n', '"[1, f, n, n]"\n'),
        ("{n}*{n}*{f} = {answer}.", "{answer}: the batch comes first."),
        (TORCH, "list(nn.Identity()(torch.zeros(1, f, n, n)).shape)"),
        ('"n * f"', '"[f, n, n]"'),
    ]
    words = "nobody can answer with the slip 'one side': its form is refused"
    assert any(words in message for message in found(tmp_path, changed(*pairs)))
    assert found(tmp_path, changed(*pairs[:-1], ('"n * f"', '"[1, n, n, f]"'))) == []


def test_a_network_may_be_named_where_the_numbers_are_its_own(tmp_path):
    name = "{'AlexNet' if own else 'A network'} sees {f} channels"
    pairs = [("{An(n)}x{n} image has {f} channels", f"{name}, {{n}}x{{n}}")]
    pairs += [("answer =", 'let.own = "n == 7 and f == 3"\nanswer =')]
    assert found(tmp_path, changed(*pairs)) == []


def test_a_lecture_without_the_place_in_it_is_found(tmp_path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "course.toml").write_text('[decks]\n"000" = "Weeks"\n')
    told = found(tmp_path, changed(('deck = "added"', 'deck = "000"')))
    assert told == ['it names the lecture "Weeks" without the place in it']
    assert found(tmp_path, changed(('deck = "added"', 'deck.000 = "Sizes"'))) == []


def test_an_exercise_that_no_question_practises_is_found(tmp_path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "conv.py").write_text(
        "def one():\n    ...\n\n\ndef two():\n    ...\n"
    )
    text = changed(("kind =", 'practise = "conv.one"\nkind ='))
    assert found(tmp_path, text) == ["no question practises this exercise"]
    problem = find_problems(load_topics(tmp_path / "quizzes"), 2)[0]
    assert problem.item == "conv.two"
    (tmp_path / "quizzes" / "u.toml").write_text(
        f'title = "u"\nplace = 2\n{SOUND.replace("t.one", "u.one")}'
    )
    assert found(tmp_path, text) == []  # one topic of two cannot tell


GIVEN_AWAY = {
    "longest": (
        "the one that is much longer than any of the others",
        "short",
        "short two",
        "shorter",
    ),
    "shortest": ("this one", "the second of the others", "the third of the others", "a fourth one"),
    "most precise": ("3.14159", "three or so", "about 3", "a third"),
    "middle number": ("20 px", "10 px", "30 px", "15 px and 25"),
}


@pytest.mark.parametrize("habit", ["longest", "shortest", "most precise"])
def test_a_choice_that_looks_right_is_found(tmp_path, habit):
    right, *others = GIVEN_AWAY[habit]
    names = dict(zip(("one", "two", "three"), others, strict=True))
    told = found(
        tmp_path, "".join(CHOICES.format(name=f"n{n}", right=right, **names) for n in range(3))
    )
    assert [message for message in told if message.startswith(f"{habit} of the choices")]


def test_the_middle_of_three_numbers_is_found(tmp_path):
    text = CHOICES.format(name="one", right="20 px", one="10 px", two="30 px", three="XX")
    text = "\n".join(line for line in text.splitlines() if "XX" not in line)
    told = found(tmp_path, text)
    assert [message for message in told if message.startswith("middle number of the choices")]


def test_choices_that_look_alike_give_nothing_away(tmp_path):
    text = CHOICES.format(
        name="one", right="the left", one="the next", two="the last", three="the rest"
    )
    assert found(tmp_path, text) == []


CODE = """
[[item]]
id = "t.{n}"
kind = "code"
deck = "added"
question = "Which line is wrong?"
lines = ["one = {n}", "two = {n}", "six = {n}"]
wrong = "{word} = {n}"
mended = "{word} = 7"
without_torch = "lines to read"
explanation = "That one."
"""


def test_wrong_lines_that_stand_in_one_place_are_found(tmp_path):
    words = ["two"] * 4 + ["one", "six"]
    told = found(tmp_path, "".join(CODE.format(n=n, word=word) for n, word in enumerate(words)))
    assert told == [
        "middle of the lines: whoever picks it has 4.00 of 6 right, where guessing gives 2.00"
    ]
    words = ["one", "two", "six"] * 2
    assert not found(tmp_path, "".join(CODE.format(n=n, word=w) for n, w in enumerate(words)))


CLAIM = """
[[item]]
id = "t.{n}"
kind = "claim"
deck = "added"
question = "Is it so?"
holds = {holds}
choices = [
    {{ text = "this reason", right = true }},
    {{ text = "that reason", says = "No." }},
    {{ text = "some reason", says = "No." }},
]
without_torch = "nothing to compute"
explanation = "It is."
"""


def test_claims_that_are_mostly_false_are_found(tmp_path):
    told = found(
        tmp_path, "".join(CLAIM.format(n=n, holds=str(n == 0).lower()) for n in range(6)), 2
    )
    assert told == ["5 of 6 claims are false: whoever says so is right"]
    told = found(
        tmp_path, "".join(CLAIM.format(n=n, holds=str(n < 3).lower()) for n in range(6)), 2
    )
    assert told == []


def test_habits_pick_what_they_are_called():
    assert set(HABITS) == {"longest", "shortest", "first", "middle number", "most precise"}
    assert longest(["aaaaaaaaaa", "bbbbbbbbb", "cc"]) == [0, 1]
    assert shortest(["aaaaaaaaaa", "bbbbbbbbb", "cccccccccccc"]) == [0, 1]
    assert [middle_place("abc"), middle_place("abcd")] == [[1], [1, 2]]
    assert middle_number(["10 px", "30 px", "20 px"]) == [2]
    assert middle_number(["1", "4", "2", "3"]) == [2, 3]
    assert middle_number(["one", "two"]) == [0, 1]
    assert most_precise(["about 3", "3.14", "none"]) == [1]


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("W = 7 - 3 + 1 = 5.", [("7 - 3 + 1", "5")]),
        ("So floor((7 - 3) / 2) + 1 = 3, 65,536 = 2^16.", [("floor((7 - 3) / 2) + 1", "3")]),
        ("h = o*tanh(c): n - 2 = 5", []),
        ("(-0.5)^2 + 0.5^2 = 0.5", [("(-0.5)^2 + 0.5^2", "0.5")]),
        ("max(0, 5.1 - 3.2 + 1) = 2.9", [("max(0, 5.1 - 3.2 + 1)", "2.9")]),
        ("it is [1, 2] = [1, 2]", []),
        ("24 <= 3*9", []),
        ("(see 3*4 = 12)", [("3*4", "12")]),
    ],
)  # fmt: skip
def test_sums_are_found_in_sentences(text, sums):
    assert equations(text) == sums


@pytest.mark.parametrize(
    ("expression", "formula", "repeats"),
    [
        ("torch.tensor(lr, dtype=torch.float64).div(10).item()", "lr / 10", True),
        ("torch.tensor(w, dtype=torch.float64) ** t * F.relu(torch.ones(1))", "w ** t", True),
        ("torch.tensor(w).square().sum().item()", "sum([v ** 2 for v in w])", True),
        ("torch.linalg.vector_norm(torch.tensor(w)) ** 2", "sum([v ** 2 for v in w])", False),
        ("sum(p.numel() for p in nn.Linear(n, h).parameters())", "n * h + h", False),
        ("torch.tensor(", "n", False),
    ],
)  # fmt: skip
def test_a_torch_check_that_repeats_the_formula_is_known(expression, formula, repeats):
    assert repeats_formula(expression, formula) is repeats


def test_every_rule_is_documented():
    """An author finds in docs/author/questions.md what is asked of an item."""
    docs = " ".join(
        (QUIZZES.parent / "docs" / "author" / "questions.md").read_text("utf-8").split()
    )
    for words in (
        "`relative`",
        "`signed = true`",
        "`shape_counts = true`",
        "`contains`",
        "first variant",
        "one in eight",
    ):
        assert words in docs
