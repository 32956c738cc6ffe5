"""Kinds of questions: what is shown can be typed, and typed in every usual spelling."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from quiz_helpers import ITEMS, item_called

from grader.errors import AmbiguousAnswerError, CourseError, UnreadableAnswerError
from grader.quiz.items.item import Option, Posed, Slip
from grader.quiz.items.variants import draw_variant
from grader.quiz.kinds import kind_names, load_kind
from grader.quiz.marking import expected_form, mark_answer, right_answer

keys = st.one_of(st.just(""), st.integers(0, 10**6).map(str))
variants = st.builds(draw_variant, st.sampled_from(ITEMS), keys)


@given(variants)
def test_the_right_answer_of_any_variant_can_be_typed_and_is_right(variant):
    """What is shown as the answer is read back, and marked right."""
    assert mark_answer(variant, right_answer(variant)).right
    assert mark_answer(variant, f"  {right_answer(variant).upper()} ").right


@given(variants.filter(lambda variant: variant.posed.slips))
def test_a_slip_is_wrong_and_named(variant):
    """Typing the value of a slip is never right, and names that slip with its feedback."""
    kind = load_kind(variant.item.kind)
    for slip in variant.posed.slips:
        mark = mark_answer(variant, kind.show(slip.value, variant.posed))
        assert not mark.right
        assert mark.slip in {other.name for other in variant.posed.slips}
        assert mark.says


@given(variants)
def test_options_of_any_variant_differ(variant):
    """No variant offers the same thing twice."""
    texts = [option.text.casefold() for option in variant.posed.options]
    assert len(set(texts)) == len(texts)


@given(variants, st.text(max_size=80))
def test_any_line_is_an_answer_or_unreadable(variant, text):
    """Nothing that can be typed raises anything else."""
    with contextlib.suppress(UnreadableAnswerError):
        assert mark_answer(variant, text).shown


@given(st.sampled_from(ITEMS), keys, keys)
def test_the_hint_does_not_give_the_answer_away(item, one, other):
    """What is expected is described in the same words in every variant (but for its size)."""
    assume(item.kind != "matrix")
    assert expected_form(draw_variant(item, one)) == expected_form(draw_variant(item, other))


def number(key, tolerance=0.0, slips=()):
    return load_kind("number"), Posed(key, tolerance=tolerance, slips=slips)


def test_whole_numbers_are_exact():
    """One off in a billion is wrong."""
    kind, posed = number(1073758208)
    assert kind.mark(kind.read("16384*65536 + 16384", posed), posed).right
    assert not kind.mark(kind.read("1073758207", posed), posed).right
    assert not kind.mark(kind.read("1073758208.5", posed), posed).right


def test_a_tolerance_is_shown_and_kept():
    """Within it is right, beyond it is wrong, and the student is told how wide it is."""
    kind, posed = number(0.6931, tolerance=0.005)
    assert "to within 0.005" in kind.expects(posed)
    assert kind.show(posed.key, posed) == "0.6931"
    assert kind.mark(kind.read("0.69", posed), posed).right
    assert not kind.mark(kind.read("0.68", posed), posed).right


def test_a_rounded_wrong_answer_is_still_recognised():
    """A slip of 0.30103 is named when 0.301 is typed."""
    kind, posed = number(0.6931, 0.005, (Slip("base 10", 0.30103, "natural"),))
    assert kind.mark(kind.read("0.301", posed), posed).slip == "base 10"


SHAPES = ["28x28x6", "28, 28, 6", "(28,28,6)", "28 x 28 x 6", "28 28 6", "[28, 28, 6]", "28X28X6"]
SHAPES += ["28\N{MULTIPLICATION SIGN}28 \N{MULTIPLICATION SIGN} 6", "(32-5+1) x 28 x 6"]
SHAPES += ["(28, 28, 6,)", "( 28 , 28 , 2*3 )", "28*28*6", "torch.Size([28, 28, 6])"]
SHAPES += ["28\N{MIDDLE DOT}28\N{MIDDLE DOT}6"]
SHAPES += ["28 by 28 by 6", "shape = (28, 28, 6)", "(32-5+1)*28*6", "28x28x6 px"]


@pytest.mark.parametrize("text", SHAPES)
def test_a_shape_may_be_written_in_any_usual_way(text):
    """Separators, brackets and sums do not matter."""
    assert load_kind("shape").read(text, Posed((28, 28, 6))) == (28, 28, 6)


@pytest.mark.parametrize("text", ["28x28", "28x28x6x1", "", "x", "28x28xsix", "28x28x6.5", "4704"])
def test_a_shape_of_another_rank_costs_nothing(text):
    """The number of sizes is said again, and no attempt is lost."""
    with pytest.raises(UnreadableAnswerError, match="3 sizes"):
        load_kind("shape").read(text, Posed((28, 28, 6)))


@pytest.mark.parametrize(
    "text",
    [
        *("1 3; 1 3", "1,3;1,3", "[[1, 3], [1, 3]]", "1 3 ; 1 3;", "[1 3; 1 3]", "((1,3),(1,3))"),
        *("tensor([[1., 3.], [1., 3.]])", "np.array([[1, 3], [1, 3]], dtype=float)"),
    ],
)
def test_a_matrix_may_be_written_in_any_usual_way(text):
    """Blanks, commas, semicolons and brackets do not matter."""
    kind, posed = load_kind("matrix"), Posed(((1, 3), (1, 3)))
    assert kind.mark(kind.read(text, posed), posed).right


def test_a_wrong_matrix_says_where():
    """The first wrong element is named by row and column."""
    kind, posed = load_kind("matrix"), Posed(((1, 3), (1, 3)))
    mark = kind.mark(kind.read("1 3; 2 4", posed), posed)
    assert mark.says == "2 elements are wrong, first row 2, column 1: 2 for 1."


def test_a_matrix_of_another_size_costs_nothing():
    """Rows and columns are said again."""
    with pytest.raises(UnreadableAnswerError, match="got 1 row of 4; expected 2 rows of 2"):
        load_kind("matrix").read("1 3 1 3", Posed(((1, 3), (1, 3))))


LOOSE = Posed(
    ((1, 3), (1, 3)), slips=(Slip("wide", ((1, 3, 0), (1, 3, 0)), "Too wide."),), loose=True
)


def test_where_the_shape_counts_another_one_is_wrong_and_named():
    """What is expected does not tell the size, and a slip of another shape is recognised."""
    kind = load_kind("matrix")
    assert "2 rows" not in kind.expects(LOOSE)
    mark = kind.mark(kind.read("1 3 0; 1 3 0", LOOSE), LOOSE)
    assert (mark.right, mark.slip) == (False, "wide")
    assert mark.says == "Too wide. You have 2 rows of 3; it is 2 rows of 2."
    assert kind.mark(kind.read("1 3; 1 3", LOOSE), LOOSE).right
    with pytest.raises(UnreadableAnswerError, match="got 2 rows of 2 and 3"):
        kind.read("1 3; 1 3 0", LOOSE)


def test_matrices_of_different_shapes_are_different_and_no_error():
    """A transposed slip is compared with the answer like any other."""
    kind = load_kind("matrix")
    assert not kind.same(((1, 2), (3, 4), (5, 6)), ((1, 3, 5), (2, 4, 6)))
    assert not kind.same(((1, 2, 3),), ((1, 2),))


@pytest.mark.parametrize("text", ["0,5 1; 2 3", "1 2 3,5; 1 2 3"])
def test_a_comma_within_a_row_separates_and_the_point_is_named(text):
    """A row that becomes too long by it is told what a comma is."""
    with pytest.raises(UnreadableAnswerError, match="a point for decimals"):
        load_kind("matrix").read(text, Posed(((1, 3), (1, 3))))


@pytest.mark.parametrize("text", ["3,0 1,0; 1,0 3,0", "0,5, 1,5", "[0,5 1,5]"])
def test_a_comma_that_may_be_a_decimal_one_is_asked_about_where_the_shape_counts(text):
    """No count of numbers tells there what it is, and an answer would be lost by a guess."""
    with pytest.raises(AmbiguousAnswerError, match="one number or two"):
        load_kind("matrix").read(text, LOOSE)


def test_where_an_answer_has_decimals_a_comma_alone_is_asked_about():
    """`0,7; 0,8` may be two numbers or four; with points it is plain what the commas are."""
    kind, posed = load_kind("matrix"), Posed(((0.7, -0.8),), loose=True)
    with pytest.raises(AmbiguousAnswerError, match="0,7 one number or two"):
        kind.read("0,7; 0,8", posed)
    assert kind.mark(kind.read("0.7,-0.8", posed), posed).right


def test_commas_that_were_taken_for_separators_are_told():
    """Whoever meant decimals sees what was read."""
    kind = load_kind("matrix")
    assert kind.bare("1,3;1,3") != kind.bare("1 3; 1 3") == kind.bare("[[1,3], [1,3]]")


def test_a_relative_tolerance_is_a_share_of_the_answer():
    """It is told as a share, so that it gives no size away, and 0 is never right."""
    item = item_called("recurrent.vanishing-factor")
    for key in ("1", "2", "3", "4"):
        variant = draw_variant(item, key)
        answer = variant.posed.key
        assert "1 % of it" in expected_form(variant)
        assert mark_answer(variant, f"{answer * 1.009:.12f}").right
        assert not mark_answer(variant, f"{answer * 1.02:.12f}").right
        assert not mark_answer(variant, "0").right
        assert float(right_answer(variant)) > 0


LETTERED = Posed(("b", "c"), options=tuple(Option(text) for text in ("one", "two", "three")))


@pytest.mark.parametrize("text", ["b c", "c, b", "bc", "B and C", "c b c"])
def test_letters_may_come_in_any_order(text):
    """All the right letters, in any spelling."""
    kind = load_kind("multiple")
    assert kind.mark(kind.read(text, LETTERED), LETTERED).right


@pytest.mark.parametrize(
    ("text", "partial", "says"),
    [
        ("a b", 0, ["1 of 2 right choices: b.", "a) does not belong.", "c) is missing."]),
        ("b", 0.5, ["1 of 2 right choices: b.", "c) is missing."]),
        ("a b c", 0, ["2 of 2 right choices: b c.", "a) does not belong."]),
        ("a", 0, ["a) does not belong.", "b) is missing.", "c) is missing."]),
    ],
)
def test_a_multiple_choice_says_what_is_right_what_is_missing_and_what_does_not_belong(
    text, partial, says
):
    """Each wrong letter gets its own line, and the right ones are counted."""
    kind = load_kind("multiple")
    mark = kind.mark(kind.read(text, LETTERED), LETTERED)
    assert (mark.right, mark.partial) == (False, partial)
    assert mark.says.splitlines() == says


CLAIM = Posed(
    ("false", "b"),
    options=(Option("one", "slip one", "One."), Option("two"), Option("three", "slip three")),
)


@pytest.mark.parametrize("text", ["false b", "F B", "no, b", "f: b)", "false b."])
def test_a_claim_is_answered_by_a_word_and_a_letter(text):
    """In any usual spelling; only both together are right."""
    kind = load_kind("claim")
    assert kind.mark(kind.read(text, CLAIM), CLAIM).right


@pytest.mark.parametrize("text", ["false", "b", "b false", "false d", "maybe b", "", "true a b"])
def test_half_of_a_claim_costs_nothing(text):
    with pytest.raises(UnreadableAnswerError, match="true or false, and the letter"):
        load_kind("claim").read(text, CLAIM)


@pytest.mark.parametrize(
    ("text", "slip", "says"),
    [
        ("true b", "reason and verdict at odds", "The reason is right, and it says the opposite"),
        ("false a", "slip one", "One."),
        ("true a", "slip one", "The claim is false. One."),
        ("true c", "slip three", "The claim is false."),
    ],
)
def test_a_wrong_half_of_a_claim_is_told(text, slip, says):
    """Neither a lucky word nor a lucky reason earns the point."""
    kind = load_kind("claim")
    mark = kind.mark(kind.read(text, CLAIM), CLAIM)
    assert not mark.right
    assert mark.slip == slip
    assert mark.says.startswith(says)


@pytest.mark.parametrize("text", ["c", "C)", "3", "line 3", "(c)"])
def test_a_wrong_line_is_named_by_letter_or_number(text):
    """Its verdict shows the line as it should be."""
    mark = mark_answer(draw_variant(item_called("embeddings.code-gradient")), text)
    assert mark.right
    assert mark.says == "The wrong one should be: gradient[word] += row"


def test_lines_of_code_keep_their_order_whatever_the_seed():
    item = item_called("recurrent.code-lstm")
    for key in ("", "1", "2"):
        posed = draw_variant(item, key).posed
        assert [option.text for option in posed.options] == item.body["lines"]
    mark = mark_answer(draw_variant(item), "a")
    assert (mark.right, mark.slip) == (False, "another line")
    assert mark.says == "This line is right. The wrong one should be: c = f * c + i * g"


@pytest.mark.parametrize("text", ["f", "0", "9", "ab", "line"])
def test_no_line_of_that_name_costs_nothing(text):
    with pytest.raises(UnreadableAnswerError, match="the wrong line, a to e"):
        mark_answer(draw_variant(item_called("recurrent.code-lstm")), text)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"holds": 3}, "`holds` must be"),
        ({"choices": [{"text": "a"}, {"text": "b"}]}, "one right reason"),
    ],
)
def test_a_malformed_claim_is_the_courses_fault(body, words):
    item = item_called("train.claim-watch")
    with pytest.raises(CourseError, match=words):
        draw_variant(dataclasses.replace(item, body={**item.body, **body}))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"wrong": "return 0"}, "one of the `lines`"),
        ({"mended": 3}, "`mended` must be"),
        ({"lines": ["a", "b"], "wrong": "a"}, "between 3 and"),
    ],
)
def test_malformed_code_is_the_courses_fault(body, words):
    item = item_called("conv.code-size")
    with pytest.raises(CourseError, match=words):
        draw_variant(dataclasses.replace(item, body={**item.body, **body}))


PAIRS = Posed(("b", "a", "b"), options=(Option("x"), Option("y")), lefts=("one", "two", "three"))


@pytest.mark.parametrize(
    "text", ["1b 2a 3b", "3b,1b,2a", "b a b", "bab", "1-b 2-a 3-b", "1=b; 2=a; 3=b"]
)
def test_pairs_may_be_written_in_any_usual_way(text):
    """Numbers and letters, or the letters alone in order."""
    kind = load_kind("match")
    assert kind.mark(kind.read(text, PAIRS), PAIRS).right


@pytest.mark.parametrize("text", ["1b 2a", "1b 2a 2b", "ba", "1c 2a 3b", "4b 1a 2b", "b a z"])
def test_a_pair_that_is_missing_costs_nothing(text):
    """Every number needs one letter that there is."""
    with pytest.raises(UnreadableAnswerError):
        load_kind("match").read(text, PAIRS)


def test_wrong_pairs_are_listed():
    """The feedback says where each misplaced number goes."""
    kind = load_kind("match")
    mark = kind.mark(kind.read("1a 2a 3a", PAIRS), PAIRS)
    assert mark.says == "1 goes with b), 3 goes with b)."


def test_an_order_says_the_first_wrong_place():
    """The steps are compared from the first."""
    kind, options = load_kind("order"), tuple(Option(t) for t in "xyz")
    posed = Posed(("b", "c", "a"), options=options)
    assert kind.mark(kind.read("b > c > a", posed), posed).right
    assert kind.mark(kind.read("bac", posed), posed).says == "Step 2 is c), you have a) there."


@pytest.mark.parametrize(
    "text",
    [
        *("LSTM", "lstm", "an LSTM.", "Long Short-Term Memory", "long short term memory"),
        *("long short-term memory network", "Long Short Term Memory (LSTM)", "LSTM cell"),
        *("lstm rnn", "LSTMs"),
    ],
)
def test_a_word_may_be_spelled_in_any_stated_way(text):
    """Capitals, hyphens, articles and full stops do not matter."""
    assert mark_answer(draw_variant(item_called("networks.resnet")), text).right


@pytest.mark.parametrize("text", ["full epoch", "an epoch of training", "Epochs", "1 epoch"])
def test_a_word_may_stand_among_others(text):
    """What contains the word is right."""
    assert mark_answer(draw_variant(item_called("optimisers.epoch-word")), text).right


@pytest.mark.parametrize("text", ["GRU or LSTM", "not an LSTM", "GRU", "a GRU and an LSTM", "LSTN"])
def test_who_names_several_things_has_not_answered(text):
    """A word among others does not make a guess right."""
    assert not mark_answer(draw_variant(item_called("networks.resnet")), text).right


def test_a_word_that_is_a_known_slip_gets_its_feedback():
    """A wrong word with an entry of its own is answered to."""
    mark = mark_answer(draw_variant(item_called("optimisers.epoch-word")), "Iteration")
    assert mark.slip == "iteration for epoch"


@pytest.mark.parametrize("name", ["", "base", "../x", "nothing", "Number"])
def test_an_unknown_kind_is_the_courses_fault(name):
    """The message lists the kinds there are."""
    with pytest.raises(CourseError, match="no kind of question"):
        load_kind(name)


def test_every_kind_is_used_by_the_course():
    """No kind is there that no deck calls for."""
    assert {item.kind for item in ITEMS} == set(kind_names())
