"""Files that a student with bad intentions could hand in; `attack` puts one into a folder.

Every file defines `conv2d_forward`, and right answers where it needs to look right.
"""

from __future__ import annotations

from pathlib import Path

SOLUTION = Path(__file__).resolve().parents[1] / "solutions" / "conv.py"

RIGHT = """
import numpy as np

def conv2d_forward(x, weight, bias, stride=1, padding=0):
    n, c, h, w = x.shape
    f, _, kh, kw = weight.shape
    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    xp[:, :, padding:padding + h, padding:padding + w] = x
    oh, ow = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    out = np.zeros((n, f, oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, :, i, j] = np.tensordot(window, weight, ((1, 2, 3), (1, 2, 3))) + bias
    return out
"""

FORGED_FRAMES = """
import os, struct
def conv2d_forward(*arguments):
    body = b'{"r":[{"a":"<f8","s":[1]}],"d":[[null]]}'
    frame = struct.pack("<16sIQ", b"0" * 16, len(body), 8) + body + b"\\0" * 8
    for descriptor in range(256):
        try:
            os.write(descriptor, frame)
        except OSError:
            pass
    return 0.0
"""

KNOWING_FRAMES = """
import gc, os, struct, sys
def conv2d_forward(*arguments):
    frame = sys._getframe()
    token = None
    while frame is not None:
        token = frame.f_locals.get("token", token)
        frame = frame.f_back
    body = b'{"passed":true,"r":[{"f":8}],"d":[[null,null,null,null,null]]}'
    forged = struct.pack("<16sIQ", token, len(body), 8) + body + b"\\0" * 8
    for descriptor in range(3, 64):
        try:
            for _ in range(200):
                os.write(descriptor, forged)
        except OSError:
            pass
    return 0.0
"""

LYING_SUBCLASS = """
import numpy as np
class Agreeable(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def __array_ufunc__(self, *a, **k): return np.zeros(1)
    def __array_function__(self, *a, **k): return True
    def tobytes(self, *a): return b"\\0" * 8
def conv2d_forward(x, weight, bias, stride=1, padding=0):
    return np.zeros((1, 1, 1, 1)).view(Agreeable)
"""

ARRAY_OBJECT = """
import numpy as np
class Anything:
    shape = (1, 1, 1, 1); dtype = np.dtype(float)
    def __array__(self, *a, **k): return np.zeros((1, 1, 1, 1))
    def __eq__(self, other): return True
    def __float__(self): return 0.0
def conv2d_forward(*arguments):
    return Anything()
"""

PATCHED = """
import builtins, numpy as np
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
np.abs = np.absolute = lambda *a, **k: 0.0
builtins.abs = lambda value: 0
builtins.all = builtins.any = lambda *a: True
import json, hashlib
json.dumps = lambda *a, **k: '{"r":[]}'
hashlib.blake2b = None
def conv2d_forward(x, weight, bias, stride=1, padding=0):
    return np.zeros((1, 1, 1, 1))
"""

LATE_THREAD = (
    RIGHT.replace("def conv2d_forward", "def honest")
    + """
import threading, time
def conv2d_forward(*arguments):
    right = honest(*arguments)
    returned = np.zeros_like(right)
    def mend():
        time.sleep(0.01)
        returned[...] = right
    threading.Thread(target=mend, daemon=True).start()
    return returned
"""
)

TEN_RIGHT = (
    RIGHT.replace("def conv2d_forward", "def honest")
    + """
calls = []
def conv2d_forward(*arguments):
    calls.append(1)
    return honest(*arguments) if len(calls) <= 10 else honest(*arguments) + 1.0
"""
)

FORGER = """
import os, struct, sys
def send(text, data=b"", times=1):
    frame, found = sys._getframe(), {}
    while frame is not None:
        for name in ("token", "self"):
            value = frame.f_locals.get(name)
            if type(value) is bytes or hasattr(value, "_replies"):
                found.setdefault(name, value)
        frame = frame.f_back
    forged = struct.pack("<16sIQ", found["token"], len(text), len(data)) + text + data
    for _ in range(times):
        view = memoryview(forged)
        while view:
            view = view[os.write(found["self"]._replies, view):]
RAISED = (b'{"x":{"type":"E","message":"","value_error":false,"memory":false,"unwritten":false,'
          b'"frames":[["f",%b,"n"]]},"r":%b,"d":[[null,null,null,null,null]]}')
"""

CALLS = "def conv2d_forward(x, weight, bias, stride=1, padding=0):\n    "

# name: (file, statuses that are acceptable; none of them earns anything)
ATTACKS = {
    "sys.exit at import": ("import sys\nsys.exit(0)\n" + RIGHT, {"missing"}),
    "os._exit at import": ("import os\nos._exit(0)\n" + RIGHT, {"crashed"}),
    "endless loop at import": ("while True:\n    pass\n" + RIGHT, {"timeout"}),
    "sys.exit in a call": (CALLS + "import sys; sys.exit(0)\n", {"error"}),
    "os._exit in a call": (CALLS + "import os; os._exit(0)\n", {"crashed"}),
    "os.abort in a call": (CALLS + "import os; os.abort()\n", {"crashed"}),
    "a signal to itself": (CALLS + "import os; os.kill(os.getpid(), 9)\n", {"crashed"}),
    "KeyboardInterrupt": (CALLS + "raise KeyboardInterrupt\n", {"error"}),
    "a lying ndarray subclass": (LYING_SUBCLASS, {"rejected"}),
    "an object with __array__": (ARRAY_OBJECT, {"rejected"}),
    "patched numpy, builtins and json": (PATCHED, {"failed", "crashed", "rejected"}),
    "forged frames on every descriptor": (FORGED_FRAMES, {"crashed"}),
    "forged frames with the stolen token": (KNOWING_FRAMES, {"crashed", "failed"}),
    "an infinite line number": (
        FORGER + CALLS + "send(RAISED % (b'1e400', b'[]'), times=200); os._exit(0)\n",
        {"crashed"},
    ),
    "an infinite line number at import": (
        FORGER + "send(RAISED % (b'Infinity', b'[]'))\n" + RIGHT,
        {"crashed"},
    ),
    "more results than calls": (
        FORGER + CALLS + "send(RAISED % (b'1', b'[1,1,1]'), times=200); os._exit(0)\n",
        {"crashed"},
    ),
    "a whole number of 4,000 digits": (
        FORGER + CALLS + "send(b'{\"r\":[1%s],\"d\":[[null]]}' % (b'0' * 4000)); os._exit(0)\n",
        {"crashed"},
    ),
    "answers of 60 MiB": (
        FORGER + CALLS + "send(b'{}', bytes(60 * 2**20), times=60); os._exit(0)\n",
        {"crashed"},
    ),
    "answers of a million lists": (
        FORGER + CALLS + "send(b'[' + b'[],' * 10**6 + b'1]', times=60); os._exit(0)\n",
        {"crashed"},
    ),
    "a message that takes long to read": (
        CALLS + "raise RuntimeError('/a' * 10**6)\n",
        {"error"},
    ),
    "endless output": (CALLS + "\n    while True: print('x' * 10_000)\n", {"crashed", "timeout"}),
    "endless loop": (CALLS + "\n    while True: pass\n", {"timeout"}),
    "endless sleep": (CALLS + "import time; time.sleep(3600)\n", {"timeout"}),
    "endless recursion": (CALLS + "return conv2d_forward(x, weight, bias)\n", {"error"}),
    "a 6 GB array": (CALLS + "import numpy as np; return np.ones(800_000_000)\n", {"crashed"}),
    "a huge lazy array": (
        CALLS + "import numpy as np; return np.broadcast_to(np.float64(0), (2**20, 2**10))\n",
        {"failed", "crashed"},
    ),
    "nested without end": (
        CALLS + "\n    a = []\n    for _ in range(100_000): a = [a]\n    return a\n",
        {"rejected"},
    ),
    "a list that holds itself": (CALLS + "\n    a = []; a.append(a)\n    return a\n", {"rejected"}),
    "a string": (CALLS + "return 'trust me'\n", {"rejected"}),
    "a generator": (CALLS + "return (i for i in range(3))\n", {"rejected"}),
    "an exception that cannot be printed": (
        CALLS + "\n    class E(Exception):\n        def __str__(self): raise SystemExit\n"
        "    raise E\n",
        {"error"},
    ),
    "a daemon thread that changes the result": (LATE_THREAD, {"failed"}),
    "right for ten calls, wrong after": (TEN_RIGHT, {"failed"}),
    "import torch": (
        "import torch\n" + CALLS + "return torch.conv2d(x, weight, bias)\n",
        {"rejected"},
    ),
    "import torch in a function": (CALLS + "import torch\n", {"rejected"}),
    "import solutions": (
        "from solutions import conv\n" + CALLS + "return conv.conv2d_forward(x, weight, bias)\n",
        {"rejected"},
    ),
    "import grader": (
        "from grader.engine.cases.oracle import load_torch as load\n"
        + CALLS
        + "return load().conv2d(x, weight, bias)\n",
        {"rejected"},
    ),
    "dynamic import of torch": (CALLS + "__import__('torch')\n", {"error"}),
    "dynamic import of the solutions at the top": (
        "import importlib\nimportlib.import_module('solutions.conv')\n" + RIGHT,
        {"error"},
    ),
    "closed descriptors": (CALLS + "import os; os.closerange(0, 256)\n", {"crashed"}),
    "a process group of its own": (
        CALLS + "import os, time; os.setsid() if hasattr(os, 'setsid') else 0; time.sleep(60)\n",
        {"timeout", "error"},
    ),
    "deleted modules": (
        "import sys\nfor name in list(sys.modules): sys.modules[name] = None\n"
        + CALLS
        + "return 0\n",
        {"crashed", "failed", "error", "missing"},
    ),
}


def attack(folder: Path, name: str) -> Path:
    """Write the attack as `conv.py`."""
    (folder / "conv.py").write_text(ATTACKS[name][0], encoding="utf-8")
    return folder
