"""A course that allows an import, and a library made for it: what their tests share."""

from __future__ import annotations

import os
import shutil

from classes import environment

NAME = "padlib"
LIBRARY = '''
"""What a course may allow: one function, in a package of two files."""
from padlib.inner import pad_all
'''
INNER = """
import numpy as np
def pad_all(x, n):
    return np.pad(x, ((0, 0), (0, 0), (n, n), (n, n)))
"""
USER = """
from padlib import pad_all
def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("padding")
    return pad_all(x, padding)
"""


def install(folder, name=NAME, text=LIBRARY):
    """Write an installed library, beside which another one lies."""
    for each, source in {name: text, "otherlib": "VALUE = 1\n"}.items():
        (folder / each).mkdir(parents=True)
        (folder / each / "__init__.py").write_text(source)
    (folder / name / "inner.py").write_text(INNER)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def note_version(folder, version, name=NAME, declares="RECORD"):
    """Write beside a library what an installer writes about it."""
    for before in folder.glob(f"{name}-*.dist-info"):
        shutil.rmtree(before)
    said = folder / f"{name}-{version}.dist-info"
    said.mkdir()
    (said / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    text = f"{name}\n" if declares == "top_level.txt" else f"{name}/__init__.py,,\n"
    (said / declares).write_text(text)


def copy_course(course, folder, imports=f'["{NAME}"]'):
    """Copy the course: an instructor's own, which says what may be imported."""
    root = course.exercises_dir.parent
    for name in ("exercises", "solutions", "quizzes"):
        shutil.copytree(root / name, folder / name)
    shutil.copytree(course.checks_dir, folder / "checks")
    file = folder / "exercises" / "course.toml"
    file.write_text(f"imports = {imports}\n{file.read_text()}")
    return folder


def with_library(folder):
    """Return an environment in which a folder of libraries is on the path."""
    usual = environment()
    return {**usual, "PYTHONPATH": f"{usual['PYTHONPATH']}{os.pathsep}{folder}"}
