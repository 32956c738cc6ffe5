"""A number never wins against a name, and nobody contradicts a shorter form of their own name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.gradebook.people.person import Person, compact, contradict, is_number, match

LETTERS = "abcdefghimnorstuzäéßøñłğж\N{LATIN SMALL LETTER DOTLESS I}"
WORDS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=7)
OTHERS = st.sampled_from(
    ["Иван", "名前", "ひがし", "महेश", "שרה", "فاطمة", "สมชาย", "O'Neil", "Ann-Marie"]
)
NAMES = st.lists(WORDS | OTHERS, min_size=1, max_size=5)


def without_accents(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@given(NAMES, st.data())
def test_nobody_contradicts_another_form_of_their_own_name(words, data):
    left_out = data.draw(st.sets(st.sampled_from(range(len(words))), max_size=len(words) - 1))
    kept = data.draw(st.permutations([w for at, w in enumerate(words) if at not in left_out]))
    form = data.draw(st.sampled_from(["".join(kept), " ".join(kept), ", ".join(kept)]))
    if all(ord(c) < 0x250 for c in form) and data.draw(st.booleans()):
        form = without_accents(form)
    if data.draw(st.booleans()):
        form = form.upper()
    name = Person(" ".join(words), ("17",))
    assert not contradict(name, Person(form, ("17",)))
    assert not contradict(Person(form, ("17",)), name)


@given(NAMES, NAMES)
def test_whether_names_contradict_is_the_same_from_both_sides(words, others):
    left, right = Person(" ".join(words)), Person(" ".join(others))
    assert contradict(left, right) == contradict(right, left)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Team A", "Given Example"),
        ("Team A", "Anna A"),
        ("Team Red", "Fredrik Example"),
        ("Red", "fredrikexample"),
        ("Group of Van Gogh", "Van Roe"),
        ("The Team", "Team Player"),
        ("Team 17", "Person 17"),
        ("teama", "Example, Given"),
        ("Иван Петров", "Given Example"),
        ("राम", "रमा"),
    ],
)
def test_a_team_is_not_the_person_with_its_number(name, other):
    team, person = Person(name, ("17",)), Person(other, ("17",))
    assert contradict(team, person)
    assert not match([team], [person])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Person("examplegiven", ("17",)), Person("Given M. Example", ("17",))),
        (Person("examplegivenmarie", ("17",)), Person("Given Example", ("17",))),
        (Person("Team A-Given Example", ("17",)), Person("Example, Given", ("17",))),
        (Person("Søren Łuk", ("17",)), Person("SOREN LUK", ("17",))),
        (Person("Vanderberg", ("17",)), Person("Anna van der Berg", ("17",))),
        (Person("octo1", ("17",)), Person("Given Example", ("17",), "octo1")),
        (Person("given.example", ("17",)), Person("Somebody", ("17",), "", "given.example@x.org")),
        (Person("s1", ("octo",)), Person("Given Example", ("s1", "octo"))),
        (Person("Participant 17", ("17",)), Person("Given Example", ("17",))),
        (Person("Partaidea", ("17",)), Person("Given Example", ("17", "Partaidea17"))),
        (Person("17", ("17",)), Person("Given Example", ("17",))),
        (Person("", ("17",), also_called=("s0017",)), Person("Given Example", ("17",))),
        (Person("李明", ("17",)), Person("Li Ming", ("17",), also_called=("李 明",))),
    ],
)
def test_somebody_is_found_by_number_where_the_name_fits_or_is_none(one, other):
    assert not contradict(one, other)
    assert match([one], [other]) == match([other], [one]) == {0: 0}


def test_a_number_in_place_of_a_name_is_known_in_other_languages():
    assert is_number("Teilnehmer/in 5")
    assert is_number("17")
    assert not is_number("Given17")


def test_only_accents_are_left_out_and_no_vowel():
    assert compact("Zoë Ñandú") == "zoenandu"
    assert compact("राम") != compact("रम")
    assert compact("が") != compact("か")


KEYS = st.sampled_from(["1", "2", "3", "17"])
PEOPLE = st.builds(
    Person,
    st.sampled_from(["", "Team A", "Given Example", "examplegiven", "Eric Roe", "Roe", "17"]),
    st.lists(KEYS, max_size=2).map(tuple),
    KEYS | st.just(""),
)


@given(st.lists(PEOPLE, max_size=5), st.lists(PEOPLE, max_size=5))
def test_nobody_who_contradicts_another_is_matched_and_sides_do_not_matter(left, right):
    pairs = match(left, right)
    assert not any(contradict(left[a], right[b]) for a, b in pairs.items())
    assert match(right, left) == {b: a for a, b in sorted(pairs.items(), key=lambda one: one[1])}


@given(NAMES)
def test_long_names_of_many_words_cost_little(words):
    assume(words)
    long = Person(" ".join(words * 300))
    assert contradict(long, Person("Team A")) == contradict(Person("Team A"), long)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Nguyen and Kim", "Anna Nguyen"), ("Team Li", "Wei Li"), ("Peter Nguyen", "Anna Nguyen"),
     ("Anna Schmidt", "Anna Weber")],
)  # fmt: skip
def test_one_word_in_common_makes_nobody_the_same(one, other):
    assert contradict(Person(one, ("17",)), Person(other, ("17",)))
    assert match([Person(one, ("17",))], [Person(other, ("17",)), Person(one, ("18",))]) == {0: 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna B. Nguyen", "Anna Nguyen"), ("Nguyen, Anna Maria", "Anna Nguyen Thi Maria"),
     ("J. Smith", "John Smith"), ("smithjohn", "John Smith")],
)  # fmt: skip
def test_a_name_with_parts_left_out_may_be_the_same(one, other):
    assert not contradict(Person(one), Person(other))
