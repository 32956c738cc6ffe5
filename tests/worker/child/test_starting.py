"""A worker starts alone: what the student's files are called and what is ours never meet."""

from __future__ import annotations

import ast
import subprocess
import sys

from sandboxed import both

from grader.model import Case, Limits
from grader.worker.client import Worker
from grader.worker.command import CHILD, plain_command
from grader.worker.sandbox.kinds import make_sandbox
from grader.worker.sandbox.mounts import make_scratch, make_stage
from grader.worker.wire import pack_case, read_reply

ROOMS = sorted(file.stem for file in CHILD.glob("*.py") if not file.stem.startswith("__"))
OTHERS = ["child", "grader", "worker", "rooms", "stages"]


def lay_out(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o644)


def ask(worker, module="conv"):
    """Return what `f()` of one of the student's files answers."""
    request = pack_case(Case(((),)))
    assert worker.load(module, "f") is True
    (frame,) = worker.call(module, "f", [request])
    return read_reply(*frame, request).steps[-1]


def answer(folder, command=plain_command):
    with Worker(folder, Limits(timeout_s=5.0, memory_mib=512), command) as worker:
        return ask(worker)


def test_garbage_of_the_student_is_looked_for_as_in_any_python(tmp_path):
    lines = ["import gc", "def f(): return [gc.isenabled(), *gc.get_threshold()]"]
    lay_out(tmp_path, {"conv.py": "\n".join(lines)})
    as_it_is = "import gc; print([gc.isenabled(), *gc.get_threshold()])"
    alone = subprocess.run([sys.executable, "-c", as_it_is], capture_output=True, check=True)
    assert answer(tmp_path) == ast.literal_eval(alone.stdout.decode())


def test_there_are_rooms_whose_names_a_file_may_have():
    assert {"calls", "conversation", "encoding", "loading", "starting"} <= set(ROOMS)


def named_as_ours():
    """Return a submission with a file for each name of ours, which are all imported."""
    names = [*ROOMS, *OTHERS]
    files = {f"{name}.py": f"HERE = {name!r}\n" for name in names}
    lines = [f"import {name}" for name in names]
    lines += [f"def f(): return [{', '.join(f'{name}.HERE' for name in names)}]"]
    return names, files | {"conv.py": "\n".join(lines)}


def test_own_files_that_are_called_like_ours_are_the_ones_that_are_imported(tmp_path):
    names, files = named_as_ours()
    lay_out(tmp_path, files)
    assert answer(tmp_path) == names


@both
def test_so_they_are_in_a_sandbox(kind, tmp_path):
    scratch = make_scratch()
    names, files = named_as_ours()
    with make_sandbox(kind, scratch) as sandbox:
        stage = make_stage(scratch)
        lay_out(stage, files)
        assert answer(stage, sandbox) == names


def test_a_file_that_is_asked_about_may_be_called_like_one_of_ours(tmp_path):
    names = [*ROOMS, *OTHERS]
    lay_out(tmp_path, {f"{name}.py": f"def f(): return [{name!r}, (2.5, 3)]\n" for name in names})
    with Worker(tmp_path, Limits(timeout_s=5.0, memory_mib=512)) as worker:
        assert [ask(worker, name) for name in names] == [[name, [2.5, 3]] for name in names]


def test_a_package_that_is_called_like_ours_is_the_students(tmp_path):
    package = "grader/worker/child"
    names = ("grader/__init__.py", "grader/worker/__init__.py", f"{package}/__init__.py")
    files = dict.fromkeys(names, "") | {f"{package}/encoding.py": "HERE = 'mine'\n"}
    files["conv.py"] = "from grader.worker.child import encoding\ndef f(): return encoding.HERE\n"
    lay_out(tmp_path, files)
    assert answer(tmp_path) == "mine"


def test_nothing_of_ours_can_be_imported(tmp_path):
    names = ["grader", "grader.worker.child", "grader.worker.child.encoding", *ROOMS]
    source = (
        "import importlib\n"
        "def missing(name):\n"
        "    try: importlib.import_module(name)\n"
        "    except ModuleNotFoundError as error: return error.name\n"
        f"def f(): return [missing(name) for name in {names!r}]\n"
    )
    lay_out(tmp_path, {"conv.py": source})
    assert answer(tmp_path) == ["grader", "grader", "grader", *ROOMS]


def test_what_is_loaded_and_where_is_looked_says_nothing_of_ours(tmp_path):
    source = (
        "import sys\n"
        "def f():\n"
        "    names = sorted(sys.modules)\n"
        "    return ','.join([n for n in names if 'grader' in n or 'child' in n]), sys.path[:-1]\n"
    )
    lay_out(tmp_path, {"conv.py": source})
    loaded, path = answer(tmp_path)
    assert loaded == ""
    assert path
    assert not [place for place in path if place.startswith(str(CHILD.parents[1]))]


def test_a_function_that_changes_every_module_that_it_finds_still_gets_its_answer_sent(tmp_path):
    source = (
        "import sys\n"
        "def f():\n"
        "    for name in list(sys.modules):\n"
        "        if name not in ('builtins', 'sys', '__main__'):\n"
        "            sys.modules[name] = None\n"
        "    return json_is_gone()\n"
        "def json_is_gone():\n"
        "    try:\n"
        "        import json\n"
        "    except ImportError:\n"
        "        return 'gone'\n"
    )
    lay_out(tmp_path, {"conv.py": source})
    assert answer(tmp_path) == "gone"


def test_an_exception_names_the_students_frames_alone(tmp_path):
    source = "import calls\ndef f(): return calls.g()\n"
    lay_out(tmp_path, {"conv.py": source, "calls.py": "def g(): return {}['no']\n"})
    raised = answer(tmp_path)
    assert raised.frames == (("conv.py", 2, "f"), ("calls.py", 1, "g"))


def test_a_recursion_has_as_many_frames_as_python_allows_but_for_ours(tmp_path):
    source = "import sys\ndef f():\n    frame, n = sys._getframe(), 0\n"
    source += "    while frame: frame, n = frame.f_back, n + 1\n    return n\n"
    lay_out(tmp_path, {"conv.py": source})
    assert answer(tmp_path) == 6
