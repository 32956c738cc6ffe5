#!/usr/bin/env bash
# Runs once, when Gradescope builds the autograder's image.
set -euo pipefail
cd "$(dirname "$0")"

apt-get update
apt-get install -y bubblewrap python3-venv

# dlgrade needs Python 3.11; Gradescope's older images have an older one.
for version in 3.13 3.12 3.11; do
    if command -v "python$version" >/dev/null || apt-get install -y "python$version" "python$version-venv"; then
        python="python$version"
        break
    fi
done
"${python:?no Python 3.11 or newer is to be had in this image: choose a newer one}" -m venv /opt/dlgrade
# PyTorch's CPU build is enough, and much smaller: set PIP_EXTRA_INDEX_URL to get it.
/opt/dlgrade/bin/pip install --no-cache-dir -r requirements.txt
/opt/dlgrade/bin/dlgrade doctor || true
