"""What a thing does not have: AttributeError, and imports of names that are not there."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.objects import none_kept
from grader.engine.naming.exceptions.scene import NAME, Rule
from grader.engine.reading.sites import code_of, inner_statements
from grader.text.meant import nearest

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene
    from grader.engine.reading.sites import Function, Site

IN_PLACE = ("append", "extend", "insert", "reverse", "sort")  # of a list, and they give nothing
MAX_NAMES = 20  # of a line, that are looked up
OWNER = r"(?P<owner>[\w.]{1,80})"
KNOWN_MODULES = ("numpy", "numpy.linalg", "numpy.random", "math")  # their names are looked at
REMOVED = {
    "float": "float", "int": "int", "bool": "bool", "object": "object", "str": "str",
    "complex": "complex", "long": "int", "unicode": "str", "int0": "np.intp", "uint0": "np.uintp",
    "bool8": "np.bool_", "float_": "np.float64", "complex_": "np.complex128",
    "string_": "np.bytes_", "unicode_": "np.str_", "product": "np.prod",
    "cumproduct": "np.cumprod", "sometrue": "np.any", "alltrue": "np.all", "round_": "np.round",
    "Inf": "np.inf", "Infinity": "np.inf", "infty": "np.inf", "PINF": "np.inf", "NINF": "-np.inf",
    "NaN": "np.nan", "NAN": "np.nan", "trapz": "np.trapezoid", "in1d": "np.isin",
    "row_stack": "np.vstack", "asfarray": "np.asarray(…, dtype=float)", "mat": "np.array",
    "math": "math, with `import math`",
}  # fmt: skip
LINALG = ("norm", "inv", "det", "svd", "eig", "qr", "solve", "pinv", "lstsq", "cholesky")
RANDOM = ("rand", "randn", "randint", "normal", "uniform", "permutation", "shuffle", "seed")
ELSEWHERE = {
    **{name: f"np.linalg.{name}" for name in LINALG},
    **{name: f"np.random.{name}" for name in RANDOM},
    "tensor": "np.array", "Tensor": "np.array", "cat": "np.concatenate", "clamp": "np.clip",
    "unsqueeze": "np.expand_dims", "mm": "np.matmul", "bmm": "np.matmul", "view": "np.reshape",
    "relu": "np.maximum(x, 0)", "factorial": "math.factorial", "len": "len",
    "sliding_window_view": "np.lib.stride_tricks.sliding_window_view",
    "as_strided": "np.lib.stride_tricks.as_strided",
}  # fmt: skip
OF_ARRAYS = {
    "permute": ".transpose", "unsqueeze": "x[:, None], or np.expand_dims", "dim": ".ndim",
    "t": ".T", "float": ".astype(float)", "double": ".astype(float)", "int": ".astype(int)",
    "long": ".astype(int)", "clamp": ".clip", "mm": "the operator @", "numel": ".size",
    "len": "len(x)", "detach": "the array as it is", "numpy": "the array as it is",
    "append": "np.concatenate, or an array of the right size that is filled",
    "extend": "np.concatenate, or an array of the right size that is filled",
}  # fmt: skip
OF_OTHERS = {
    ("dict", "append"): "and gets an entry under its key: `{}[key] = value`.",
    ("dict", "add"): "and gets an entry under its key: `{}[key] = value`.",
    ("dict", "index"): "and has no places: `{}[key]` is the value of a key.",
    ("set", "append"): "which has no order: `{}.add(…)` puts something into it.",
    ("str", "append"): "and texts are joined with `+`.",
    ("list", "add"): "and gets one item more with `{}.append(…)`.",
    ("list", "push"): "and gets one item more with `{}.append(…)`.",
}
FUNCTIONS = ("function", "method", "builtin_function_or_method", "numpy.ufunc", "type")


def _of_module(scene: Scene, found: re.Match[str]) -> str:
    owner, name = found["owner"], found["name"]
    called = _owner_in_line(scene, name) or owner
    if owner == "numpy" and name in ELSEWHERE:
        return f"NumPy has no `{called}.{name}`: {ELSEWHERE[name]} is what does that."
    near = nearest(name, _names_of(owner)) or _said(scene)
    meant = f": did you mean `{called}.{near}`?" if near else ": look at how it is spelt."
    return f"There is no `{called}.{name}`{meant}"


def _names_of(owner: str) -> set[str]:
    """Return the names of a module that is imported here, too."""
    module = sys.modules.get(owner) if owner in KNOWN_MODULES else None
    return {name for name in vars(module) if not name.startswith("_")} if module else set()


def _said(scene: Scene) -> str:
    """Return what Python itself suggests in a message."""
    _, _, said = scene.raised.message.partition("Did you mean: '")
    name = said.partition("'")[0]
    return name if name.isidentifier() and len(name) <= 80 else ""


def _owner_in_line(scene: Scene, name: str) -> str | None:
    """Return that of which the line wants an attribute, as it is written there.

    An empty text where there are several; None where the line wants no such attribute.
    """
    parts = scene.site.find(ast.Attribute) if scene.site else []
    codes = {code_of(one.value) for one in parts if one.attr == name}
    return codes.pop() if len(codes) == 1 else "" if codes or scene.site is None else None


def _removed(_: Scene, found: re.Match[str]) -> str:
    name = found["name"]
    return f"`np.{name}` is no longer in NumPy: use {REMOVED[name]}." if name in REMOVED else ""


def _of_object(scene: Scene, found: re.Match[str]) -> str:  # noqa: PLR0911 - one line for each kind
    import numpy as np  # noqa: PLC0415 - who reads what was told needs none of it

    owner, name = found["owner"], found["name"]
    value = _owner_in_line(scene, name)
    if value is None:
        return ""
    if owner == "numpy.ndarray":
        return _of_array(value or "x", name)
    what = f"`{value}`" if value else "Something in the line"
    if owner in FUNCTIONS:
        return f"{what} is a function here, and has no `.{name}`: call it with parentheses, (…)."
    is_of_array = hasattr(np.ndarray, name)
    if owner in ("list", "tuple") and is_of_array:
        text = (
            f"{what} is a {owner} here, and a {owner} has no `.{name}`: np.array({value or '…'}) "
        )
        return text + "makes an array of it."
    if owner in ("int", "float", "bool") and is_of_array:
        return f"{what} is a single number here ({owner}), which has no `.{name}`."
    if owner == "tuple" and hasattr(list, name):
        return f"{what} is a tuple, which never changes: a list has `.{name}`."
    if (owner, name) in OF_OTHERS:
        return f"{what} is a {owner}, {OF_OTHERS[owner, name].format(value or 'it')}"
    near = nearest(name, dir(getattr(builtins, owner, object))) or _said(scene)
    meant = f": did you mean `.{near}`?" if near else "."
    return f"{what} is of type {owner} here, and has no `.{name}`{meant}"


def _of_array(value: str, name: str) -> str:
    import numpy as np  # noqa: PLC0415 - who reads what was told needs none of it

    if name in OF_ARRAYS:
        return f"An array has no `.{name}`: {OF_ARRAYS[name]} is what does that in NumPy."
    if callable(vars(np).get(name)):
        return f"An array has no `.{name}`: it is a function of NumPy, np.{name}({value})."
    near = nearest(name, [one for one in dir(np.ndarray) if not one.startswith("_")])
    meant = f": did you mean `{value}.{near}`?" if near else ": look at how it is spelt."
    return f"An array has no `.{name}`{meant}"


# ----------------------------------------------------------------------------- None


def _none(scene: Scene, _: re.Match[str]) -> str:
    """Name what is None in the line, where its value is a call of an own function."""
    site = scene.site
    if site is None:
        return ""
    if text := none_kept(scene):
        return text
    for name in sorted(site.names())[:MAX_NAMES]:
        for given in site.bindings(name):
            if given.number < site.number and (text := _returns_none(site, given, name)):
                return text
    for call in site.find(ast.Call):
        function = _own_function(site, call)
        if function is not None and not _has_result(function):
            return (
                f"{function.name} ({site.name_line(function.lineno)}) has no `return`, so that "
                "its call is None."
            )
        if (method := getattr(call.func, "attr", "")) in IN_PLACE:
            return f".{method}() changes a list in its place and is None: call it on a line before."
    return _left_out(site)


def _left_out(site: Site) -> str:
    """Name an argument that is None where it is left out, and is given no other value before."""
    if site.function is None:
        return ""
    given = site.function.args
    may_be = zip(reversed(given.args), reversed(given.defaults), strict=False)
    for argument, default in may_be:
        is_none = isinstance(default, ast.Constant) and default.value is None
        bound = any(one.number < site.number for one in site.bindings(argument.arg))
        if is_none and not bound and argument.arg in site.names():
            return f"`{argument.arg}` is None where it is left out: give it its value before."
    return ""


def _returns_none(site: Site, given: Site, name: str) -> str:
    value = getattr(given.statement, "value", None)
    if not isinstance(value, ast.Call):
        return ""
    function = _own_function(site, value)
    if function is not None and not _has_result(function):
        text = (
            f"`{name}` is None: {function.name} ({site.name_line(function.lineno)}), which makes "
            "it, has no "
        )
        return text + "`return`."
    if isinstance(value.func, ast.Attribute) and value.func.attr in IN_PLACE:
        text = f"`{name}` is None: .{value.func.attr}() changes a list in its place and returns "
        return text + f"nothing ({site.name_line(given.number)})."
    return ""


def _own_function(site: Site, call: ast.Call) -> Function | None:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    found = [
        node
        for node in site.tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    return found[-1] if found else None


def _has_result(function: Function) -> bool:
    """Tell whether a function returns something, or yields."""
    waiting: list[ast.AST] = [function]
    while waiting:
        for one in inner_statements(waiting.pop()):
            if isinstance(one, ast.Return) and one.value is not None:
                return True
            if isinstance(one, ast.Expr) and isinstance(one.value, (ast.Yield, ast.YieldFrom)):
                return True
            if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                waiting.append(one)
    return False


# ----------------------------------------------------------------------------- in other files


def _not_in_module(scene: Scene, found: re.Match[str]) -> str:
    owner, name = found["owner"], found["name"]
    near = nearest(name, _names_of(owner)) or _said(scene)
    meant = f": did you mean `{near}`?" if near else ": look at how it is spelt, and where it is."
    return f"{owner} has no `{name}`{meant}"


def _circular(_: Scene, found: re.Match[str]) -> str:
    text = f"Two files import each other, and {found['owner']} is only half read when "
    return text + f"`{found['name']}` is wanted: move what both need into a third file."


NO_ATTRIBUTE = (
    "The line wants an attribute that is not there: is it misspelt, or is a list or a number there "
    "in place of an array?"
)
RULES = (
    Rule(
        "numpy-removed", "AttributeError",
        rf"`np\.{NAME}` was removed in the NumPy 2\.0 release",
        "The line uses a name that is no longer in NumPy: its documentation has the one to use.",
        _removed,
    ),
    Rule(
        "numpy-removed", "AttributeError",
        rf"module 'numpy' has no attribute '(?P<name>{'|'.join(REMOVED)})'",
        "The line uses a name that is no longer in NumPy: its documentation has the one to use.",
        _removed,
    ),
    Rule(
        "none-value", "AttributeError TypeError",
        r"(?:'NoneType' object (?:has no|is not|cannot|does not)|cannot unpack non-iterable NoneT"
        r"|unsupported operand type\(s\) for [^:]{1,16}: (?:'NoneType'|'[\w.]{1,80}' and "
        r"'NoneType')"
        r"|must be real number, not NoneType|object of type 'NoneType'"
        r"|bad operand type for unary .: 'NoneType'"
        r"|'[<>=]{1,2}' not supported between instances of (?:'NoneType'|'\w{1,40}' and 'NoneType')"
        r"|int\(\) argument must be .{1,60}'NoneType'|float\(\) argument must be "
        r".{1,60}'NoneType')",
        "Something in the line is None: most often the result of a function without a `return`.",
        _none,
    ),
    Rule(
        "attribute-unknown", "AttributeError", rf"module '{OWNER}' has no attribute '{NAME}'",
        NO_ATTRIBUTE, _of_module,
    ),
    Rule(
        "attribute-unknown", "AttributeError", rf"'{OWNER}' object has no attribute '{NAME}'",
        NO_ATTRIBUTE, _of_object,
    ),
    Rule(
        "import-circular", "ImportError",
        rf"cannot import name '{NAME}' from partially initialized module '{OWNER}'",
        "Two files import each other: move what both need into a third one.",
        _circular,
    ),
    Rule(
        "import-unknown", "ImportError", rf"cannot import name '{NAME}' from '{OWNER}'",
        "The line imports a name that is not there: look at how it is spelt, and where it is.",
        _not_in_module,
    ),
    Rule(
        "import-relative", "ImportError", r"attempted relative import with no known parent",
        "The files of a submission are no package: import them without a dot in front of the name.",
    ),
)  # fmt: skip
