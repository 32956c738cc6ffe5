"""A source is parsed in time that grows with it, whatever encoding it names."""

from __future__ import annotations

import ast
import contextlib
import re

import pytest
from growth import assert_linear
from hypothesis import example, given
from hypothesis import strategies as st

from grader.parsing import (
    MAX_KEPT_BYTES,
    UnparsedError,
    decode_source,
    named_encoding,
    parse_python,
)


@pytest.mark.parametrize(
    "cookie",
    ["punycode", "idna", "unicode_escape", "raw-unicode-escape", "utf-7", "zlib", "rot13", "hex"],
)
@pytest.mark.parametrize(
    "line", ["# coding: {}\n", "\t#!x -*- coding={} -*-\n", "\r\n#coding:{}\r"]
)
def test_an_encoding_that_no_editor_writes_is_refused_by_name(cookie, line):
    with pytest.raises(UnparsedError, match=r"it says that it is in .*; save it as UTF-8"):
        parse_python(line.format(cookie).encode() + b"b9" * 100)


@pytest.mark.parametrize(
    "cookie", ["utf-8", "UTF8", "ascii", "latin-1", "iso-8859-15", "cp1252", "koi8-r", "gbk"]
)
def test_an_encoding_that_editors_write_is_read(cookie):
    tree = parse_python(f"# -*- coding: {cookie} -*-\nx = 'a'\n".encode())
    assert ast.literal_eval(tree.body[0].value) == "a"


def test_a_letter_is_read_in_the_encoding_that_is_named():
    (statement,) = parse_python(b"# coding: latin-1 \xe9\n'\xe9'").body
    assert ast.literal_eval(statement.value) == "é"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_an_encoding_that_the_first_bytes_tell_is_refused_by_name(encoding):
    with pytest.raises(UnparsedError, match=f"saved as {encoding.upper()}; save it as UTF-8"):
        parse_python("x = 1".encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "gbk"])
def test_a_text_is_decoded_as_it_is_parsed(encoding):
    cookie = "" if encoding == "utf-8-sig" else f"# coding: {encoding}\n"
    source = f"{cookie}x = 'é'\n"
    data = source.encode(encoding)
    assert ast.dump(parse_python(data)) == ast.dump(ast.parse(decode_source(data)))
    assert decode_source(data) == source


@pytest.mark.parametrize(
    "line",
    [b"x = 1 # coding: punycode\n", b"x\n# coding: punycode\n", b"\n\n# coding: punycode\n"],
)
def test_a_comment_that_names_no_encoding_to_python_names_none_here(line):
    assert named_encoding(line) == ""
    assert parse_python(line)


PIECES = [b"#", b" ", b"\t", b"\x0c", b"\n", b"\r", b"coding", b":", b"=", b"hex", b"x", b"\xe9"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
@example(b"#coding:codinghex")
@example(b"#coding:hex")
def test_no_encoding_is_found_by_python_that_is_not_found_here(source):
    try:
        ast.parse(source)
        said = ""
    except SyntaxError as error:
        said = error.msg
    except ValueError:
        said = ""
    named = re.search(r"\bhex\b", said) and "encod" in said  # `codinghex` is no codec, and unknown
    assert not named or named_encoding(source) == "hex"


@pytest.mark.parametrize("cookie", ["punycode", "idna", "utf-8", "cp1252", "gbk", "iso2022_jp"])
def test_reading_a_source_is_linear_whatever_encoding_it_names(cookie):
    def parse(source):
        with contextlib.suppress(SyntaxError, ValueError):
            parse_python(source)

    head = f"# coding: {cookie}\n#a-".encode()
    assert_linear(lambda size: head + b"b9" * (size // 2), parse, 100_000)


@pytest.mark.parametrize("piece", [b"coding:", b"coding: ", b" ", b"#", b"coding:    x", b"\xe9"])
def test_looking_for_an_encoding_is_linear(piece):
    assert_linear(lambda size: b"#" + piece * (size // len(piece)), named_encoding, 100_000)


def test_the_newest_source_is_parsed_once_whoever_asks_and_a_large_one_is_not_kept():
    source = b"x = 1\n"
    tree = parse_python(source)
    assert parse_python(bytes(bytearray(source))) is tree
    assert ast.dump(parse_python(b"x = 2\n")) != ast.dump(tree)
    assert parse_python(source) is not tree
    assert ast.dump(parse_python(source)) == ast.dump(tree)
    large = b"x = 1\n" * (MAX_KEPT_BYTES // 6 + 1)
    assert parse_python(large) is not parse_python(large)
    with pytest.raises(SyntaxError):
        parse_python(b"x = (\n")
    with pytest.raises(SyntaxError):
        parse_python(b"x = (\n")
