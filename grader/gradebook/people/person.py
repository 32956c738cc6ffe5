"""Find out who is who: the same student in a roster, a gradebook and a platform's own file.

Never by guessing: two entries are one person when they share a key that nobody else on either side
has. The platform's own key is asked first, then any other, then the name; and a key never wins
against a name: whoever has a number of one person and the name of another is neither.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True)
class Person:
    """Somebody as a list knows them: a roster, a platform's download or file, the gradebook.

    Parameters
    ----------
    name
        As people read it.
    ids
        What the platform calls this person by, its own key for a student first.
    login, email
        Empty when unknown.
    also_called
        Names, logins and addresses that other lists have.
    """

    name: str = ""
    ids: tuple[str, ...] = ()
    login: str = ""
    email: str = ""
    also_called: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The platform's key for this person; empty when unknown."""
        return self.ids[0] if self.ids else ""


NOBODY = Person()
TELLING_LETTERS = 3  # of a word, for it to tell anything at an end of another
MOST_WORDS = 12  # of a name that are looked at; no way of writing one has more
PARTICIPANT = {
    "participant", "participante", "partecipante", "partaidea", "teilnehmer", "teilnehmerin",
    "deelnemer", "deltager", "deltagare", "deltaker", "osallistuja", "uczestnik", "ucastnik",
    "resztvevo", "katilimci", "участник", "参加者", "参与者",
}  # fmt: skip
COMMON = {"team", "group", "gruppe", "grupo", "groupe", "equipe", "student", "the", "and", "und",
          "von", "van", "der", "den", "del", "bin", "de", "di", "da", "la", "el", "al"}  # fmt: skip
SPELT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
                       "\N{LATIN SMALL LETTER DOTLESS I}": "i"})  # fmt: skip
ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)  # what Latin, Greek, Cyrillic, Hebrew and Arabic also write without


def compact(text: str) -> str:
    """Return a text's letters and digits, without accents, in lower case.

    Marks that are a letter's own, as the vowels of Hindi and Thai, stay.

    Examples
    --------
    >>> compact("Übung, Zé"), compact("ØRE-Łuk")
    ('ubungze', 'oreluk')
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    kept = (c for c in plain if c.isalnum() or unicodedata.category(c)[0] == "M")
    return "".join(kept).casefold().translate(SPELT)


def name_keys(name: str) -> set[str]:
    """Return what a name may look like elsewhere: its parts run together from any of them on.

    Examples
    --------
    >>> sorted(name_keys("Example, Given")), sorted(name_keys("examplegiven"))
    (['examplegiven', 'givenexample'], ['examplegiven'])
    """
    parts = _words(name)
    return {"".join(parts[at:] + parts[:at]) for at in range(len(parts))}


def _own_key(one: Person) -> set[str]:
    return {one.key.strip().casefold()} - {""}


def _keys(one: Person) -> tuple[str, ...]:
    return (*one.ids, one.login, one.email, *one.also_called)


def _any_key(one: Person) -> set[str]:
    return {key.strip().casefold() for key in _keys(one)} - {""}


def _name(one: Person) -> set[str]:
    mailboxes = {compact(key.partition("@")[0]) for key in _keys(one) if "@" in key}
    names = [one.name, *(name for name in one.also_called if "@" not in name)]
    return set().union(*map(name_keys, names)) | mailboxes - {""}


def contradict(left: Person, right: Person) -> bool:
    """Tell whether two entries have names that cannot be one person's.

    A name that is one of the other's keys contradicts nothing. Others leave out a middle name, turn
    the parts around or run them together; so names contradict each other when each has words that
    the other lacks and they share less than two, and neither is made of the other's words. One
    surname is not enough: siblings and teams have it, too. A number alone is no name.

    Examples
    --------
    >>> contradict(Person("Team A"), Person("Given Example"))
    True
    >>> contradict(Person("examplegiven"), Person("Given M. Example"))
    False
    """
    ours, theirs = _names(left), _names(right)
    if not ours or not theirs:
        return False
    mine, yours = _plain_keys(left), _plain_keys(right)
    if any("".join(words) in yours for words in ours):
        return False
    if any("".join(words) in mine for words in theirs):
        return False
    if any(f"{compact(left.name)}{compact(key)}" in yours for key in left.ids):
        return False  # `Participant` and 17
    if any(f"{compact(right.name)}{compact(key)}" in mine for key in right.ids):
        return False
    return not any(_alike(words, others) for words in ours for others in theirs)


def is_number(name: str) -> bool:
    """Tell whether what stands for a name is a number, as Moodle's when it marks blindly.

    Examples
    --------
    >>> is_number("Participant 17"), is_number("17"), is_number("examplegiven1")
    (True, True, False)
    """
    plain = compact(name)
    return plain.rstrip("0123456789") in PARTICIPANT | {""}


def telling_words(one: Person) -> set[str]:
    """Return the words of somebody's names that not everybody has, and the whole name run together.

    Of a number, or a name that any team may have, there are none.

    Examples
    --------
    >>> sorted(telling_words(Person("Bo Example"))), telling_words(Person("Team 7"))
    (['boexample', 'example', 'examplebo'], set())
    """
    words = {word for words in _names(one) for word in words if _tells(word, 2)}
    telling = {word for word in words if _tells(word, TELLING_LETTERS)}
    return telling | (name_keys(one.name) if words else set())


def _names(one: Person) -> list[list[str]]:
    """Return the words of every name of somebody who has one; numbers and addresses are none."""
    if not one.name or is_number(one.name):
        return []  # what others call somebody may be a word of their own
    names = [one.name, *(name for name in one.also_called if "@" not in name)]
    words = [_parts(name) for name in names if not is_number(name)]
    return [some for some in words if some]


def _parts(name: str) -> list[str]:
    """Return the words of a name, also those that a hyphen joins."""
    marked = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in name)
    return [word for word in map(compact, marked.split()) if word][:MOST_WORDS]


def _alike(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether two names may be one person's."""
    mine, theirs = set(words), set(others)
    if mine <= theirs or theirs <= mine:
        return True
    left, right = _without_initials(mine - theirs), _without_initials(theirs - mine)
    shared = [word for word in mine & theirs if _tells(word, 2)]
    if len(shared) > 1 or (shared and not (left and right)):
        return True
    whole, other = "".join(words), "".join(others)
    if _is_made_of(whole, others) or _is_made_of(other, words):
        return True
    return (len(words) == 1 and _is_at_an_end(others, whole)) or (
        len(others) == 1 and _is_at_an_end(words, other)
    )


def _without_initials(words: set[str]) -> set[str]:
    """Return the words of which more than a letter is told."""
    return {word for word in words if len(word) > 1}


def _tells(word: str, letters: int) -> bool:
    return len(word) >= letters and word not in COMMON and not word.isdigit()


def _is_made_of(whole: str, words: Sequence[str]) -> bool:
    """Tell whether some words, each used once, run together to a whole in some order."""
    reached = {0: 0}  # which words are used, as bits: how far they reach
    waiting = [0]
    while waiting:
        used = waiting.pop()
        at = reached[used]
        if at == len(whole):
            return True
        for number, word in enumerate(words):
            more = used | 1 << number
            if more != used and more not in reached and whole.startswith(word, at):
                reached[more] = at + len(word)
                waiting.append(more)
    return False


def _is_at_an_end(words: Sequence[str], whole: str) -> bool:
    """Tell whether all longer words are in a name run together, one of them at an end of it."""
    telling = [word for word in words if _tells(word, TELLING_LETTERS)]
    ends = any(whole.startswith(word) or whole.endswith(word) for word in telling)
    return ends and all(word in whole for word in telling)


def _words(name: str) -> list[str]:
    return [word for word in map(compact, re.split(r"[\s,_]+", name)) if word]


def _plain_keys(one: Person) -> set[str]:
    keys = [key for key in _keys(one) if key]
    return {compact(text) for key in keys for text in (key, key.partition("@")[0])} - {""}


def match(left: Sequence[Person], right: Sequence[Person]) -> dict[int, int]:
    """Return the places of those on the right for the places of those on the left.

    Parameters
    ----------
    left, right
        Two lists of the same people, or of some of them.

    Returns
    -------
    dict
        Those that are certain; nobody twice.

    Examples
    --------
    >>> match([Person(ids=("17",)), Person("Given Example")],
    ...       [Person("Example, Given"), Person(login="17")])
    {0: 1, 1: 0}
    """
    found: dict[int, int] = {}
    if not left or not right:
        return found
    for keys_of in (_own_key, _any_key, _name):
        taken = set(found.values())
        lefts = _owners(keys_of, ((i, one) for i, one in enumerate(left) if i not in found))
        rights = _owners(keys_of, ((i, one) for i, one in enumerate(right) if i not in taken))
        pairs: dict[int, set[int]] = {}
        back: dict[int, set[int]] = {}
        for key in lefts.keys() & rights.keys():
            if len(lefts[key]) == len(rights[key]) == 1:
                (a,), (b,) = lefts[key], rights[key]
                if contradict(left[a], right[b]):
                    continue
                pairs.setdefault(a, set()).add(b)
                back.setdefault(b, set()).add(a)
        for a, bs in pairs.items():
            b = next(iter(bs))
            if len(bs) == 1 and len(back[b]) == 1:
                found[a] = b
    return dict(sorted(found.items()))


def _owners(
    keys_of: Callable[[Person], set[str]], people: Iterable[tuple[int, Person]]
) -> dict[str, set[int]]:
    owners: dict[str, set[int]] = {}
    for place, one in people:
        for key in keys_of(one):
            owners.setdefault(key, set()).add(place)
    return owners
