"""A class as every platform hands it out, with the truth beside it; the same for the same seed.

`make_class` writes a download; what it returns says who delivered which entries when and in which
team, by whose word, and what must become of it.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from dataclasses import replace
from datetime import timedelta

from handins import PACKED, PACKED_AT, Handed, Inbox, flat, make_hands

from grader.gradebook.people.delivery import TimeSource

SAME_NAME = 5  # the place of somebody who has the first one's name
CANVAS_NAMES, MOODLE_NAMES = re.compile(r"[^\w]"), re.compile(r'[\x00-\x1f/\\:*?"<>|\']')


def make_class(platform, folder, seed, size=60, *, teams=False):
    """Write a class's download in a platform's form; return the truth."""
    rng = random.Random(f"{platform}{seed}{size}{teams}")
    inbox = Inbox(platform, folder)
    folder.mkdir(parents=True, exist_ok=True)
    hands = make_hands(rng, size, teams=teams)
    if platform not in ("folders", "google") and not teams and len(hands) > SAME_NAME:
        hands[SAME_NAME] = replace(
            hands[SAME_NAME], name=hands[0].name
        )  # by their keys they differ
    PLATFORMS[platform](inbox, hands)
    inbox.lay_beside("notes.txt")
    inbox.lay_beside("__MACOSX/._x")
    if platform != "folders":
        inbox.lay_beside("lost.py", may_be_work=True)
        inbox.lay_beside("somebody.zip", may_be_work=True)
    if platform not in ("folders", "google"):
        inbox.lay_beside("by mail/conv.py", may_be_work=True)
    return inbox


def by_file(hand, **more):
    """Return the truth of a delivery of which only its files have a time, which tells nothing."""
    truth = Handed(hand.name, hand.key, (), PACKED_AT, TimeSource.FILE, hand.form)
    return replace(truth, **more)


def by_folder(hand, **more):
    """Return the same of a folder, which may be empty."""
    if hand.form == "nothing":
        more |= {"when": None, "source": TimeSource.UNKNOWN}
    return by_file(hand, **more)


def folders(inbox, hands):
    for hand in hands:
        name = hand.name.replace("/", "").strip()
        files = hand.files()
        only = next(iter(files), "")
        if only.endswith((".zip", ".ipynb", ".tar.gz", ".pdf")) and not hand.whole:
            entry = name + only[only.index(".") :]
            inbox.put(entry, files[only])
            inbox.handed.append(by_file(hand, name=name, key="", files=(entry,)))
        else:
            inbox.put_work(name, files)
            inbox.handed.append(by_folder(hand, name=name, key="", files=(name,)))


def canvas(inbox, hands):
    """Write what Canvas's zipper writes: names without what is no letter, LATE, ids, `-1`."""
    for number, hand in enumerate(hands):
        first, _, last = hand.name.partition(" ")
        name = CANVAS_NAMES.sub("", hand.name if hand.members else last + first).lower()
        head = f"{name}_{'LATE_' * hand.late}{hand.key}"
        truth = by_file(hand, name=name, late=hand.late)
        if number % 15 == 7:
            inbox.put(f"{head}_text.html", b"<p>def zero_pad2d</p>")
            inbox.handed.append(replace(truth, files=(f"{head}_text.html",), form="typed"))
            continue
        names = []
        for place, (path, data) in enumerate(flat(hand.files()).items()):
            given = "conv-1.py" if hand.again and path == "conv.py" else path
            names.append(f"{head}_{9000 + 10 * number + place}_{given}")
            inbox.put(names[-1], data)
            if given != path and hand.whole:
                inbox.lay_beside(f"{head}_{8000 + 10 * number}_{path}")  # the older one
        inbox.handed.append(replace(truth, files=tuple(names)))


def moodle(inbox, hands):
    """Write a folder for each participant, or flat files; a team has a group's name and number."""
    for number, hand in enumerate(hands):
        name = MOODLE_NAMES.sub("", hand.name.replace("_", " ")).strip()
        who, head = {"name": name, "key": hand.key}, f"{name}_{hand.key}_assignsubmission_"
        if hand.members and number == 0:  # those who are in no group
            who = {"name": "Default group", "key": "", "team": "Default group"}
            head = "Default group_assignsubmission_"
        typed = f"{head}onlinetext_"
        if number % 15 == 7:
            inbox.put(f"{typed}/onlinetext.html", b"<p>def zero_pad2d</p>")
            inbox.handed.append(by_file(hand, files=(typed,), form="typed", **who))
        elif hand.whole:
            inbox.put_work(f"{head}file_", hand.files())
            inbox.handed.append(by_folder(hand, files=(f"{head}file_",), **who))
            if number % 15 == 8:
                inbox.lay_beside(f"{typed}/onlinetext.html", b"<p>hello</p>")
        else:
            files = {f"{head}file_{path}": data for path, data in flat(hand.files()).items()}
            for entry, data in files.items():
                inbox.put(entry, data)
            inbox.handed.append(by_file(hand, files=tuple(files), **who))


def gradescope(inbox, hands):
    """Write folders and the metadata, which has the submitters and the time."""
    lines = ["---"]
    for hand in hands:
        for older in (True, False) if hand.again else (False,):
            name = f"submission_{hand.number}{7 - older}"
            when = hand.when - timedelta(hours=3 * older)
            members = hand.members or ((hand.name, hand.key),)
            lines += [f"{name}:", "  :submitters:"]
            for who, key in members:
                lines += [f"  - :name: {json.dumps(who, ensure_ascii=False)}", f"    :sid: '{key}'"]
            lines += [f"  :created_at: {when:%Y-%m-%d %H:%M:%S}.000000000 Z"]
            inbox.put_work(name, {"conv.py": b"old"} if older else hand.files())
            inbox.handed += [
                Handed(who, key, (name,), when, TimeSource.PLATFORM, hand.form, older=older,
                       team=name if len(members) > 1 else "")
                for who, key in members
            ]  # fmt: skip
    inbox.lay_beside("submission_metadata.yml", ("\n".join(lines) + "\n").encode())


def classroom(inbox, hands):
    """Write repositories and grades.csv, in which each member of a team has a row."""
    rows = []
    for hand in hands:
        team = hand.name.lower().replace(" ", "-") if hand.members else ""
        name = f"hw2-{team or hand.login}"
        inbox.put_work(name, {"README.md": b"# hw2", ".git/HEAD": b"ref", **hand.files()})
        for who, key in hand.members or ((hand.name, hand.login),):
            rows.append(["hw2", key, who, name, f"{hand.when:%Y-%m-%d %H:%M:%S} UTC", "0"])
            rows[-1] += [hand.name] * bool(team)
            form = "Copy of conv.py" if hand.form in PACKED else hand.form  # beside a README
            inbox.handed.append(Handed(
                who, key, (name,), hand.when, TimeSource.PLATFORM, form,
                team=hand.name if team else "",
            ))  # fmt: skip
    head = ["assignment_name", "github_username", "roster_identifier", "student_repository_name",
            "submission_timestamp", "points_awarded"]  # fmt: skip
    head += ["group_name"] * any(hand.members for hand in hands)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([head, *rows])
    inbox.lay_beside("grades.csv", stream.getvalue().encode())


NOTE = """Name: {name} ({login})
Assignment: Homework_2
Date Submitted: {when}
Current Grade: Needs Grading

Submission Field:
Name: Somebody Else (root)

Comments:
There are no student comments for this assignment.

Files:
{files}"""


def blackboard(inbox, hands):
    """Write attempt files and a note for each; where a note is missing, the name has the time."""
    for hand in hands:
        name = " ".join(hand.name.split())
        for older in (True, False) if hand.again else (False,):
            when = hand.when - timedelta(hours=3 * older)
            noted = hand.whole or hand.again or hand is hands[0]
            stamp = when if noted else when.astimezone()
            head = f"Homework_2_{hand.login}_attempt_{stamp:%Y-%m-%d-%H-%M-%S}"
            files = {} if hand.form == "nothing" else flat(hand.files(older))
            listed = "".join(
                f"\tOriginal filename: {path}\n\tFilename: {head}_{path}\n" for path in files
            )
            noted |= not files
            entries = [f"{head}_{path}" for path in files]
            for entry, data in zip(entries, files.values(), strict=True):
                inbox.put(entry, data)
            if noted:
                words = f"{when:%A, %B} {when.day}, {when:%Y %I:%M:%S %p} UTC"
                note = NOTE.format(name=name, login=hand.login, when=words, files=listed)
                inbox.put(f"{head}.txt", note.encode())
                entries.append(f"{head}.txt")
            inbox.handed.append(Handed(
                name if noted else "", hand.login, tuple(entries), when,
                TimeSource.PLATFORM if noted else TimeSource.NAME, hand.form, older=older,
            ))  # fmt: skip


def brightspace(inbox, hands):
    """Write a folder for each thing that came in, called by numbers, name and time."""
    for hand in hands:
        name = hand.name.replace("/", "").strip()
        for older in (True, False) if hand.again else (False,):
            when = hand.when - timedelta(hours=3 * older)
            local = when.astimezone()
            clock = f"{local.hour % 12 or 12}{'-' * (hand.number % 2)}{local:%M %p}"
            entry = f"{hand.key}-654321 - {name} - {local:%b} {local.day}, {local.year} {clock}"
            inbox.put_work(entry, {"conv.py": b"old"} if older else hand.files())
            inbox.handed.append(Handed(
                name, hand.key, (entry,), when, TimeSource.NAME, hand.form, older=older
            ))  # fmt: skip
    inbox.lay_beside("index.html", b"<html>")


def google(inbox, hands):
    """Write files that have a name in front, as Classroom's folder in Drive has them."""
    for hand in hands:
        name = hand.name.replace("/", "").strip()
        files = flat(hand.files())
        if not hand.whole:
            inbox.put_work(f"{name} - hw2", hand.files())
            truth = by_folder(hand, name=name, key="", files=(f"{name} - hw2",))
        else:
            head = f"{'Copy of ' * hand.again}{name} - "
            for path, data in files.items():
                inbox.put(head + path, data)
            copied = hand.again and "conv.py" in files
            truth = by_file(hand, name=name, key="", files=tuple(head + path for path in files),
                            form="Copy of conv.py" if copied else hand.form)  # fmt: skip
        inbox.handed.append(truth)


PLATFORMS = {
    "folders": folders, "canvas": canvas, "moodle": moodle, "gradescope": gradescope,
    "classroom": classroom, "blackboard": blackboard, "brightspace": brightspace, "google": google,
}  # fmt: skip
WITH_TEAMS = ("canvas", "moodle", "gradescope", "classroom")
