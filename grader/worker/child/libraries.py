"""Find what may be imported besides the standard library, each by the one path that is told."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from typing import Any


def import_numpy(folder: str) -> None:
    """Import numpy, from `folder` alone.

    The folder is never on `sys.path`, so that nothing else which is installed beside numpy can be
    imported by name.
    """
    spec = importlib.machinery.PathFinder.find_spec("numpy", [folder])
    if spec is None or spec.loader is None:
        raise ImportError(f"no numpy in {folder}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["numpy"] = module
    spec.loader.exec_module(module)


class LibraryFinder:
    """Finds the libraries that the course allows, each by the one path that is told.

    The folder around it, where others are installed, is not even listed.
    """

    def __init__(self, paths: dict[str, str]) -> None:
        self._paths = paths

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return where a library is; None for anything else."""
        where = self._paths.get(name) if path is None and target is None else None
        if where is None or not os.path.isdir(where):
            return where and importlib.util.spec_from_file_location(name, where)
        file = os.path.join(where, "__init__.py")
        return importlib.util.spec_from_file_location(
            name, file, submodule_search_locations=[where]
        )
