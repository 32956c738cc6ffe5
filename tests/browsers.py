"""A browser without a screen, for pages that have to be looked at."""

from __future__ import annotations

import contextlib
import shutil

import pytest

NAMES = ("chromium", "google-chrome", "chromium-browser")  # the last of which may be a snap
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium (`apt install chromium`)"
)


@contextlib.contextmanager
def launch_browser():
    """Start Chromium; it ends with the block."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the playwright package")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()
