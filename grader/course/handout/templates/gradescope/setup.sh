#!/usr/bin/env bash
# Runs once, when Gradescope builds the autograder's image.
set -euo pipefail
cd "$(dirname "$0")"
home="${DLGRADE_HOME:-/opt/dlgrade}"

apt-get update
apt-get install -y bubblewrap python3-venv

# dlgrade needs Python 3.11; Gradescope's older images have an older one.
for version in 3.13 3.12 3.11; do
    if command -v "python$version" >/dev/null || apt-get install -y "python$version" "python$version-venv"; then
        python="python$version"
        break
    fi
done
"${python:?no Python 3.11 or newer is to be had in this image: choose a newer one}" -m venv "$home"
# PyTorch's build for the CPU. Asked for alone, and first: the one of the usual index is many times
# as large, because it brings CUDA along.
"$home/bin/pip" install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu "@TORCH@"
"$home/bin/pip" install --no-cache-dir -r requirements.txt
"$home/bin/dlgrade" doctor || true
