"""What the tests of pages that are given back share."""

from __future__ import annotations

import zipfile

from books import passed, wrong
from classes import dlgrade

BOTH = [wrong(), passed("pool.flatten")]
STRANGE = "in the download and not in the gradebook, so given nothing"
ABSENT = "not in the download, so that their page goes nowhere"
MEMBER = (
    "in a team, whose number Moodle would take for a participant's, so given nothing; the grading "
    "worksheet of the assignment says who they are: --into WORKSHEET -o FILE.zip"
)
WORKSHEET = """\
ID,"Full name",E-mail,Status,Grade,"Maximum grade"
"Participant 31","Wrong Person",wrong@example.org,Submitted,,3
"Participant 41","Ada Bee",ada@example.org,Submitted,,3
"Participant 42","Under_Score/Cee",cee@example.org,Submitted,,3
"Participant 43","Solo Dee",dee@example.org,Submitted,,3
"""


def read(output):
    with zipfile.ZipFile(output) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def feedback(folder, *words):
    return dlgrade("feedback", folder / "g.db", *words)
