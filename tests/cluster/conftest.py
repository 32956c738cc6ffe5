"""The cluster needs its extra; a machine without it has nothing to test here."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import pytest
from one_machine import Alone
from shared import shared_folder

pytest.importorskip("distributed")
pytest.importorskip("cryptography")

HERE = str(Path(__file__).parent)
LEFT_BY_DASK = (  # whose client is closed by a loop of its own, that may end before it
    "ignore:coroutine .* was never awaited:RuntimeWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


def pytest_collection_modifyitems(items):
    """Let what Dask leaves unawaited fail no test of ours."""
    for item in items:
        if str(item.path).startswith(HERE):
            for words in LEFT_BY_DASK:
                item.add_marker(pytest.mark.filterwarnings(words))


@pytest.fixture(autouse=True)
def _nothing_is_left_for_the_next_test():
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """Return a class that one machine has graded."""
    return Alone(
        shared_folder(tmp_path_factory, "one machine", lambda folder: Alone(folder).make())
    )
