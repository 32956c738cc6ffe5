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
TELLING_LETTERS = 3  # of a word, for it to tell anything inside of another


def compact(text: str) -> str:
    """Return a text's letters and digits, without accents, in lower case.

    Examples
    --------
    >>> compact("Übung, Zé")
    'ubungze'
    """
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if c.isalnum()).casefold()


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

    A name that is one of the other's keys contradicts nothing, and names contradict each other only
    when they share no word: others leave out a middle name, or run all of it together.

    Examples
    --------
    >>> contradict(Person("Team A"), Person("Given Example"))
    True
    >>> contradict(Person("examplegiven"), Person("Given M. Example"))
    False
    """
    words, others = _words(left.name), _words(right.name)
    if not words or not others:
        return False
    whole, other = "".join(words), "".join(others)
    if whole in _plain_keys(right) or other in _plain_keys(left) or set(words) & set(others):
        return False
    inside = any(len(word) >= TELLING_LETTERS and word in other for word in words)
    return not inside and not any(len(w) >= TELLING_LETTERS and w in whole for w in others)


def _words(name: str) -> list[str]:
    return [word for word in map(compact, re.split(r"[\s,_]+", name)) if word]


def _plain_keys(one: Person) -> set[str]:
    keys = [key for key in _keys(one) if key]
    return {compact(key) for key in keys} | {compact(key.partition("@")[0]) for key in keys}


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
