"""Requests from the pipe are answered, one after another."""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from grader.worker.child.absences import Absences
from grader.worker.child.agreed import PREFIX, TOKEN_BYTES
from grader.worker.child.calls import Look, ScriptRunner, describe_exception, run_case
from grader.worker.child.encoding import to_json
from grader.worker.child.loading import OwnFinder, import_file
from grader.worker.child.printing import PRINTING, flush
from grader.worker.child.rewriting import limited, rewritten

if TYPE_CHECKING:
    import types
    from typing import BinaryIO


class Conversation:
    """Answer requests until the pipe closes."""

    def __init__(self, requests: BinaryIO, replies: int, folder: str) -> None:
        self._requests = requests
        self._replies = replies
        self._folder = folder
        self._modules: dict[str, types.ModuleType] = {}
        self._left_out: Absences | None = None

    def run(self) -> None:
        """Say that all is ready; then read, do, answer, until the parent closes its side."""
        self._say(bytes(TOKEN_BYTES), {"ready": time.process_time()})
        while prefix := self._requests.read(PREFIX.size):
            token, json_size, data_size = PREFIX.unpack(prefix)
            request = json.loads(self._requests.read(json_size))
            data = self._requests.read(data_size)
            if request["do"] == "load":
                self._leave_out(request.get("left_out"))
                self._say(token, self._load(request["module"], request["name"]))
            else:
                self._call(token, request, data)

    def _leave_out(self, told: dict[str, Any] | None) -> None:
        """From now on leave out what is told, of the files that are imported by others too."""
        if told is None:
            return
        if self._left_out is None:
            self._left_out = Absences(self._folder)
            finder = OwnFinder(self._left_out, self._folder)
            sys.meta_path.insert(sys.meta_path.index(importlib.machinery.PathFinder), finder)
        self._left_out.add(told)

    def _say(self, token: bytes, tree: Any) -> None:
        self._send(token, to_json(tree).encode())

    def _send(self, token: bytes, text: bytes, data: bytes = b"") -> None:
        frame = PREFIX.pack(token, len(text), len(data)) + text + data
        while (sent := os.write(self._replies, frame)) < len(frame):
            frame = frame[sent:]

    def _load(self, name: str, function: str) -> dict[str, Any]:
        if name not in self._modules:
            try:
                self._modules[name] = import_file(name, self._folder, self._left_out)
            except BaseException as error:  # noqa: BLE001 - the file may raise anything
                return {"x": describe_exception(error, self._folder)}
            finally:
                flush()
        found = getattr(self._modules[name], function, None)
        return {"callable": callable(found)}

    def _call(self, token: bytes, request: dict[str, Any], data: bytes) -> None:
        module = self._modules.get(request["module"])
        function = getattr(module, request["name"], None)
        at, last, look, script = 0, None, None, "script" in request
        if "look" in request:
            path = os.path.join(self._folder, request["module"] + ".py")
            look = Look(path, request["name"], request["look"])
        cases = zip(request["cases"], request["sizes"], request["most"], strict=True)
        for number, (case, size, most) in enumerate(cases):
            if "texts" in request and request["texts"][number] != last:
                last = request["texts"][number]
                function = rewritten(module, request, last)
            PRINTING.mark()
            part = data[at : at + size]
            called = ScriptRunner(function) if script else function
            if "texts" in request:
                called = limited(called, request["limit_s"])
            reply = run_case(called, case, part, self._folder, most, look, script=script)
            self._send(token, *reply)
            at += size
        flush()
