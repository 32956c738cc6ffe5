"""A script of calls on objects of one class: its steps, and how they read as Python.

A step is a tuple of plain values, so that it is drawn, sent and left out as any argument is. What
an earlier step made is meant by its name: `ref("w")`.

================================================  =====================================
step                                              reads
================================================  =====================================
``("let", "w", array)``                           ``w = np.array(…)``
``("new", "a", (ref("w"),), {"stride": 2})``      ``a = Linear(w, stride=2)``
``("lend", "Scale", "class Scale: …")``           a class that the course lends
``("make", "s", "Scale", (ref("w"),))``           ``s = Scale(w)``, an object of it
``("call", "a", "forward", (ref("x"),))``         ``a.forward(x)``, its result looked at
``("ask", "a", "parameters", ())``                the same, not looked at again
``("do", "a", "train", ())``                      the same, whatever it returns
``("get", "a", "weight")``                        ``a.weight``
``("set", "a", "lr", 0.5)``                       ``a.lr = 0.5``
``("change", "a", "weight", 0.25)``               ``a.weight -= 0.25``, in place
``("op", "y", "mul", (ref("a"), 2.0))``           ``y = a * 2.0``; ``y.data`` is looked at
``("op", "y", "tanh", (ref("a"),))``              ``y = a.tanh()``; ``y.data`` is looked at
``("see", "w")``                                  ``w``, as it is by now
``("again",)``                                    all results of calls once more
``("raises", "ValueError", *step)``               a step that has to raise that
================================================  =====================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Step = tuple[Any, ...]

REF = "ref"
MAKING = ("let", "lend", "make", "new", "op")
VERBS = (*MAKING, "call", "ask", "do", "get", "set", "change", "see", "again", "raises")
REFUSALS = ("ValueError", "RuntimeError")
FORMS = {  # what follows the verb; a dict of arguments with names may come after a tuple of others
    "let": "name, value",
    "lend": "name, text",
    "make": "name, class, arguments",
    "new": "name, arguments",
    "op": "name, operator, arguments",
    **dict.fromkeys(("call", "ask", "do"), "name, method, arguments"),
    "get": "name, attribute",
    **dict.fromkeys(("set", "change"), "name, attribute, value"),
    "see": "name",
    "again": "",
}
OPERATORS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**"}


def ref(name: str) -> dict[str, str]:
    """Stand for what a step before made under a name, in the arguments of a later one.

    Examples
    --------
    >>> ref("w")
    {'ref': 'w'}
    """
    return {REF: name}


def value_text(value: Any) -> str:
    """Return an argument as it is written: by its name, or as itself."""
    if isinstance(value, dict) and set(value) == {REF}:
        return str(value[REF])
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(value_text, value))}{',' * (len(value) == 1)})"
    if getattr(value, "ndim", None) is not None:
        return f"np.array({value.tolist()!r})"
    return repr(value)


def step_text(made: str, step: Step) -> str:
    """Return a step as Python.

    Parameters
    ----------
    made
        The name of the class.
    step
        See the table above.

    Examples
    --------
    >>> step_text("Linear", ("new", "a", (ref("w"), ref("b")), {}))
    'a = Linear(w, b)'
    >>> step_text("Sequential", ("make", "s", "Scale", (ref("w"),)))
    's = Scale(w)'
    >>> step_text("Linear", ("raises", "RuntimeError", "call", "a", "backward", (ref("g"),)))
    'a.backward(g)'
    >>> step_text("Vocabulary", ("call", "a", "__len__", ()))
    'len(a)'
    """
    verb, rest = step[0], step[1:]
    if verb == "raises":
        return step_text(made, rest[1:])
    if verb in ("new", "make"):
        kind, *given = (made, *rest[1:]) if verb == "new" else rest[1:]
        return f"{rest[0]} = {kind}({_arguments(given)})"
    if verb in ("call", "ask", "do"):
        length = rest[1] == "__len__"
        return f"len({rest[0]})" if length else f"{rest[0]}.{rest[1]}({_arguments(rest[2:])})"
    if verb in ("let", "set", "op"):
        name, value = rest[:-1], value_text(rest[-1])
        if verb == "op":
            name, value = rest[:1], _operation(*rest[1:])
        return f"{'.'.join(name)} = {value}"
    if verb == "change":
        target = f"{rest[0]}.{rest[1]}" + "()[0]" * (rest[1] == "parameters")
        return f"{target}[...] -= {value_text(rest[2])}"
    if verb == "lend":
        rest = rest[1:]  # its text is all of it
    return ".".join(rest) if rest else "what was returned before"


def _operation(name: str, given: Sequence[Any]) -> str:
    """Return an operator between what is given, `sum` of it, or a method of the first."""
    words = [f"({text})" if text.startswith("-") else text for text in map(value_text, given)]
    if name in OPERATORS:
        return f" {OPERATORS[name]} ".join(words)
    if name == "neg":
        return f"-{words[0]}"
    if name == "sum":
        return f"sum([{', '.join(words)}])"
    return f"{words[0]}.{name}({', '.join(words[1:])})"


def _arguments(given: Sequence[Any]) -> str:
    """Return positional arguments, and those with names where there are some."""
    options = given[1] if len(given) > 1 else {}
    words = [value_text(one) for one in given[0]]
    return ", ".join([*words, *(f"{name}={value_text(one)}" for name, one in options.items())])


def script_lines(made: str, steps: Sequence[Step]) -> list[str]:
    """Return a script as lines of Python, the arrays in them too; the last one says what is wrong.

    What was looked at on the way and was right is left out.

    Examples
    --------
    >>> print(*script_lines("Tally", [("new", "a", ()), ("get", "a", "n"), ("get", "a", "m")]))
    a = Tally() a.m
    """
    lines = statements(made, steps)
    return [*lines, last_expression(made, steps)]


def statements(
    made: str, steps: Sequence[Step], write: Callable[[Any], str] = value_text
) -> list[str]:
    """Return all steps but the last one as Python, without what was only looked at.

    Parameters
    ----------
    made, steps
        Of a script.
    write
        Writes what is given.
    """
    keeps, count, lines = steps[-1][0] == "again", 0, []
    for step in steps[:-1]:
        text = step_text(made, step)
        if step[0] == "let":
            lines.append(f"{step[1]} = {write(step[2])}")
        elif step[0] == "raises":
            lines.append(f"try:\n    {text}\nexcept {step[1]}:\n    pass")
        elif step[0] == "call" and keeps:
            lines.append(f"result_{count} = {text}")
            count += 1
        elif step[0] not in ("get", "see", "ask", "again"):
            lines.append(text)
    return lines


def last_expression(made: str, steps: Sequence[Step]) -> str:
    """Return the last step as Python; all results where it looks at them once more."""
    if steps[-1][0] == "op":
        return f"({_operation(*steps[-1][2:])}).data"
    if steps[-1][0] != "again":
        return step_text(made, steps[-1])
    count = len(results_before(made, steps))
    return f"[{', '.join(f'result_{number}' for number in range(count))}]"


def results_before(made: str, steps: Sequence[Step]) -> list[str]:
    """Return the calls whose results a step `again` looks at, as they read."""
    return [step_text(made, step) for step in steps if step[0] == "call"]


def script_fault(steps: Sequence[Any]) -> str:
    """Return what keeps a script from being run, whatever the class; nothing where nothing does.

    Examples
    --------
    >>> script_fault([("new", "a", ()), ("cal", "a", "forward", ())])
    "'cal' is no step of a script (docs/author/authoring.md lists them)"
    >>> script_fault([("make", "s", "Scale", ())])
    "('make', 's', 'Scale', ()): nothing before it makes 'Scale'"
    >>> script_fault([("new", "a", (ref("w"),))])
    "('new', 'a', ({'ref': 'w'},)): nothing before it makes 'w'"
    """
    made: set[str] = set()
    for step in steps:
        inner = step[2:] if isinstance(step, tuple) and step[:1] == ("raises",) else step
        if not isinstance(inner, tuple) or not inner or inner[0] not in VERBS:
            what = inner[0] if isinstance(inner, tuple) and inner else inner
            return f"{what!r} is no step of a script (docs/author/authoring.md lists them)"
        if inner is not step and step[1] not in REFUSALS:
            return f"{step}: what has to be raised is {' or '.join(REFUSALS)}"
        fault = _fault_of_form(inner)
        if fault:
            return f"{step}: {fault}"
        named = [] if inner[0] in (*MAKING, "again") else [inner[1]]
        named += [inner[2]] if inner[0] == "make" else []
        missing = [name for name in (*named, *_references(inner[2:])) if name not in made]
        if missing:
            return f"{step}: nothing before it makes {missing[0]!r}"
        if inner[0] in MAKING:
            made.add(inner[1])
    return ""


def _fault_of_form(step: Step) -> str:
    """Return what is missing in a step, or too much, or is no tuple.

    Examples
    --------
    >>> _fault_of_form(("call", "a", "forward"))
    "after 'call' come name, method, arguments; none of these may be left out, () are no arguments"
    """
    asked, given = [part for part in FORMS[step[0]].split(", ") if part], list(step[1:])
    takes_arguments = asked[-1:] == ["arguments"]
    named = given.pop() if takes_arguments and len(given) == len(asked) + 1 else {}
    if len(given) != len(asked):
        verb = "comes" if len(asked) == 1 else "come"
        text = f"after {step[0]!r} {verb} {FORMS[step[0]] or 'nothing'}"
        return text + "; none of these may be left out, () are no arguments" * takes_arguments
    if takes_arguments and not isinstance(given[-1], (tuple, list)):
        return "the arguments are a tuple, as (ref('x'),)"
    return "" if isinstance(named, dict) else "arguments with names are a dict, as {'lr': 1}"


def _references(value: Any) -> list[str]:
    """Return the names that arguments refer to."""
    if isinstance(value, dict):
        return [value[REF]] if set(value) == {REF} else _references(list(value.values()))
    if isinstance(value, (list, tuple)):
        return [name for item in value for name in _references(item)]
    return []


def arrays_of(steps: Sequence[Step]) -> dict[str, Any]:
    """Return what the script's arrays and values are called, and what they are."""
    return {step[1]: step[2] for step in steps if step[0] == "let"}


def without_unused(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return a script without the arrays that none of its other steps names; its last step stays.

    Examples
    --------
    >>> call = "call", "a", "forward", (ref("x"),)
    >>> without_unused([("let", "x", 1.0), ("let", "y", 2.0), call])
    (('let', 'x', 1.0), ('call', 'a', 'forward', ({'ref': 'x'},)))
    """
    used = {step[1] for step in steps if step[0] == "see"}
    used.update(name for step in steps if step[0] != "let" for name in _references(step[1:]))
    last = steps[-1]
    return tuple(s for s in steps if s is last or s[0] != "let" or s[1] in used)
