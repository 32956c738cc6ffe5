"""Places that are not there: unpacked shapes, indices out of bounds, empty arrays, missing keys."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import Rule
from grader.engine.reading.sites import code_of
from grader.text import counted

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene

COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _in_words(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)


def _unpacked(scene: Scene, found: re.Match[str]) -> str:
    """Say what is unpacked: a shape has as many numbers as its array has axes."""
    wanted = int(found["wanted"])
    heads = scene.site.heads if scene.site else ()
    loops = (one for one in heads if isinstance(one, (ast.For, ast.AsyncFor)))
    statement = next(loops, heads[-1] if heads else None)
    if isinstance(statement, ast.Assign):
        target, value, whose = statement.targets[0], statement.value, ""
    elif isinstance(statement, (ast.For, ast.AsyncFor)):
        target, value, whose = statement.target, statement.iter, "Each value of "
    else:
        return ""
    others = scene.site.find(ast.comprehension) if scene.site else []
    if any(isinstance(one.target, ast.Tuple) for one in others):
        return ""  # which may be what does not fit
    into = len(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else 0
    if not into or (into != wanted and not found["least"]):
        return ""  # something else in this line is unpacked
    code = code_of(value)
    if isinstance(value, ast.Attribute) and value.attr == "shape" and not whose:
        return _shape(scene, value, wanted, found["got"])
    if not code:
        return ""
    many = counted(int(found["got"]), "value") if found["got"] else "more values than that"
    text = f"{whose}`{code}` has {many} here, and this line wants {_exactly(found)} "
    return f"{text}{_in_words(wanted)}."


def _exactly(found: re.Match[str]) -> str:
    return "at least" if found["least"] else "exactly"


def _shape(scene: Scene, value: ast.Attribute, wanted: int, got: str | None) -> str:
    name = value.value.id if isinstance(value.value, ast.Name) else ""
    as_given = name and scene.site and not scene.site.bindings(name)
    ranks = scene.ranks(name) if as_given else set[int]()
    code = code_of(value.value) or "the array"
    if len(ranks) > 1:
        return (
            f"`{code}` may have any number of axes, and this line wants exactly "
            f"{_in_words(wanted)}."
        )
    count = next(iter(ranks)) if ranks else int(got) if got else None
    if count is None:
        return f"`{code}` has more axes than the {_in_words(wanted)} that this line wants."
    axes = "axis" if count == 1 else "axes"
    return (
        f"`{code}` has {_in_words(count)} {axes} here, and this line wants exactly "
        f"{_in_words(wanted)}."
    )


def _index(_: Scene, found: re.Match[str]) -> str:
    index, axis, size = int(found["index"]), found["axis"], int(found["size"])
    where = f"axis {axis}, which has {size} entr{'y' if size == 1 else 'ies'}"
    if size == 0:
        return f"Index {index} is asked for along axis {axis}, which is empty."
    text = f"Index {index} is past the end of {where}: the last is {size - 1}."
    return text if index >= 0 else f"Index {index} is before the beginning of {where}."


def _of_list(scene: Scene, found: re.Match[str]) -> str:
    kind = found["kind"]
    parts = scene.site.find(ast.Subscript) if scene.site else []
    shapes = [one for one in parts if getattr(one.value, "attr", "") == "shape"]
    if kind == "tuple" and len(parts) == len(shapes) > 0:
        code = code_of(shapes[0]) or ".shape[…]"
        if len({code_of(one) for one in shapes}) == 1:
            return f"`{code}`: the array has fewer axes than that here."
        return (
            "One of the axes whose sizes are asked for in this line is not there: the array has "
            "fewer."
        )
    codes = {code_of(one) for one in parts} if scene.site and scene.site.is_alone else set()
    code = codes.pop() if len(codes) == 1 else ""
    what = f"`{code}`" if code else f"An index into a {kind}"
    return f"{what} is past the end of the {kind}: the last index is its length less 1."


def _too_many(_: Scene, found: re.Match[str]) -> str:
    rank, asked = int(found["rank"]), int(found["asked"])
    axes = f"{rank} ax{'is' if rank == 1 else 'es'},"
    has = axes if rank else "no axes, it is a single number,"
    return f"The array has {has} and the line gives {asked} ind{'ex' if asked == 1 else 'ices'}."


def _empty(_: Scene, found: re.Match[str]) -> str:
    what = found["what"] or "maximum or minimum"
    return (
        f"The {what} of an empty array is asked for: look at why nothing is in it; a slice may be "
        "empty."
    )


def _boolean(_: Scene, found: re.Match[str]) -> str:
    text = (
        f"The mask has length {found['mask']} along axis {found['axis']}, and the array "
        f"{found['size']}"
    )
    return f"{text}: it must have been made from an array of the same shape."


RULES = (
    Rule(
        "unpacked", "ValueError",
        r"(?:not enough|too many) values to unpack \(expected (?P<least>at least "
        r")?(?P<wanted>\d{1,3})"
        r"(?:, got (?P<got>\d{1,9}))?\)",
        "The line unpacks a fixed number of values, a shape's sizes perhaps, and there are more "
        "or fewer: "
        "an array may have another number of axes than the line wants.", _unpacked,
    ),
    Rule(
        "index-bounds", "IndexError",
        r"index (?P<index>-?\d{1,18}) is out of bounds for axis (?P<axis>\d{1,3}) with size "
        r"(?P<size>\d{1,18})",
        "An index is past the end of its axis: the last is the axis' length less "
        "1.", _index, whole=False,
    ),
    Rule(
        "list-bounds", "IndexError", r"(?P<kind>list|tuple|string) (?:assignment )?index out of "
        r"range",
        "An index is past the end of a list or a tuple: a shape has as many numbers as the array "
        "has axes.",
        _of_list, whole=False,
    ),
    Rule(
        "indices-many", "IndexError",
        r"too many indices for array: array is (?P<rank>\d{1,3})-dimensional, but "
        r"(?P<asked>\d{1,3}) were",
        "The line gives more indices than the array has axes.", _too_many, whole=False,
    ),
    Rule(
        "index-of-number", "IndexError", r"invalid index to scalar variable",
        "A single number is indexed: one index too many is given, the ones before it took the "
        "last axis.",
    ),
    Rule(
        "mask-shape", "IndexError",
        r"boolean index did not match indexed array along (?:axis|dimension) (?P<axis>\d{1,3}); "
        r"(?:size of axis|dimension) is (?P<size>\d{1,18}) but (?:size of )?corresponding boolean "
        r"(?:axis|dimension) is (?P<mask>\d{1,18})",
        "The mask has another shape than the array that it is used on.", _boolean, whole=False,
    ),
    Rule(
        "empty-list", "IndexError", r"pop from (?:an )?empty",
        "Something is taken out of an empty list.",
    ),
    Rule(
        "empty-reduction", "ValueError",
        r"(?:zero-size array to reduction operation (?P<what>maximum|minimum|fmax|fmin)"
        r"|attempt to get arg(?:max|min) of an empty|(?:max|min)\(\) (?:arg|iterable argument) is "
        r")",
        "The largest or smallest element of an empty array is asked for: look at why nothing is "
        "in it; a "
        "slice may be empty.", _empty, whole=False,
    ),
    Rule(
        "negative-size", "ValueError", r"(?:negative dimensions are not|index can't contain "
        r"negative)",
        "A size comes out negative: look at what it is computed from, and in which order it is "
        "subtracted.",
        whole=False,
    ),
    Rule(
        "uneven-split", "ValueError", r"array split does not result in an equal",
        "np.split makes parts of one length only: is it the axis that is meant (axis=1)? "
        "np.array_split takes what is left over, too.",
    ),
    Rule(
        "key-missing", "KeyError", r"",
        "A dict is asked for a key that it does not have: .get(key, default), or look at what was "
        "put in.",
        whole=False,
    ),
    Rule(
        "iterator-ended", "StopIteration", r"",
        "next() is called on something in which nothing is left.", whole=False,
    ),
    Rule(
        "not-in-list", "ValueError",
        r"(?:.{1,100} is|list\.(?:remove|index)\(x\): x) not in (?:list|deque)",
        "A list is asked for something that is not in it.", whole=False,
    ),
    Rule(
        "no-number", "ValueError", r"(?:invalid literal for int|could not convert string to float)",
        "A text that is no number is turned into one.",
    ),
)  # fmt: skip
