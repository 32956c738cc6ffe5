"""Text of others is harmless to look at, and costs no more than its length."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import ISOLATES, as_typed, name_of, safe_message, safe_name, safe_text

BASH = shutil.which("bash")
ANY_TEXT = st.text(st.characters())  # lone surrogates too


@given(ANY_TEXT, st.booleans())
def test_safe_text_is_printable_in_either_way(text, spelt_out):
    assert safe_text(text, spelt_out=spelt_out).isprintable()


@given(ANY_TEXT, st.booleans())
def test_safe_text_leaves_printable_text_alone(text, spelt_out):
    once = safe_text(text, spelt_out=spelt_out)
    assert safe_text(once, spelt_out=spelt_out) == once
    assert once == text or not text.isprintable()


@given(ANY_TEXT)
def test_text_that_is_spelt_out_loses_nothing(text):
    spelt = safe_text(text.replace("\\", ""))
    assert spelt.encode("latin-1", "backslashreplace").decode("unicode_escape") == text.replace(
        "\\", ""
    )


@given(ANY_TEXT)
def test_one_character_stands_for_one_where_text_is_replaced(text):
    replaced = safe_text(text, spelt_out=False)
    assert len(replaced) == len(text)
    assert all(a == b or not a.isprintable() for a, b in zip(text, replaced, strict=True))


@pytest.mark.parametrize("spelt_out", [True, False])
def test_four_times_the_text_takes_about_four_times_as_long(spelt_out):
    def seconds(count):
        text = "a\x1b" * count
        best = []
        for _ in range(7):
            start = time.process_time()
            safe_text(text, spelt_out=spelt_out)
            best.append(time.process_time() - start)
        return min(best)

    assert seconds(200_000) < 8 * seconds(50_000)  # a quadratic way would take 16 times as long


@given(st.binary(max_size=40).filter(lambda name: b"\0" not in name))
def test_a_name_of_any_bytes_is_text_that_can_be_encoded(name):
    name_of(os.fsdecode(name)).encode("utf-8")


@given(ANY_TEXT)
def test_a_message_with_names_in_it_is_harmless_and_keeps_its_lines(text):
    told = safe_message(f"{safe_name(text)}\n{text}")
    assert {c for c in told if not c.isprintable()} <= {"\n", "\t", *ISOLATES}
    assert told.startswith(f"{safe_name(text)}\n")
    assert safe_message(told) == told


@pytest.mark.skipif(BASH is None, reason="no shell reads it")
def test_a_shell_reads_a_typed_word_as_it_was_and_nothing_in_it_steers_a_terminal():
    words = [
        "plain/conv.py",
        "it's a\\033 'x'",
        "\x1b[2J$(id)\n\t'\\",
        "\u202eyp.\udcff",
        "$'",
        "é`",
    ]
    typed = [as_typed(word) for word in words]
    assert all(map(str.isprintable, typed))
    line = f"printf '%s\\0' {' '.join(typed)}"
    done = subprocess.run([BASH, "-c", line], capture_output=True, check=True)
    assert done.stdout.split(b"\0")[:-1] == list(map(os.fsencode, words))
