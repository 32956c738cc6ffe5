"""Find out who is who: the same student in a roster, a gradebook and a platform's own file.

Never by guessing: two entries are one person when they share a key that nobody else on either side
has. The platform's own key is asked first, then any other, then the name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True)
class Identity:
    """What an entry is known by.

    Parameters
    ----------
    primary
        The platform's key for a student; empty when unknown.
    keys
        Other keys: numbers, logins, addresses.
    names
        Names, in any order of their parts.
    """

    primary: str = ""
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


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
    parts = [
        part for part in map(compact, name.replace(",", " ").replace("_", " ").split()) if part
    ]
    return {"".join(parts[at:] + parts[:at]) for at in range(len(parts))}


def _primary(one: Identity) -> set[str]:
    return {one.primary.strip().casefold()} - {""}


def _any_key(one: Identity) -> set[str]:
    return {key.strip().casefold() for key in (one.primary, *one.keys)} - {""}


def _name(one: Identity) -> set[str]:
    mailboxes = {compact(key.partition("@")[0]) for key in one.keys if "@" in key}
    return set().union(*map(name_keys, one.names)) | mailboxes - {""}


def match(left: Sequence[Identity], right: Sequence[Identity]) -> dict[int, int]:
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
    >>> match([Identity("17"), Identity(names=("Given Example",))],
    ...       [Identity(names=("Example, Given",)), Identity(keys=("17",))])
    {0: 1, 1: 0}
    """
    found: dict[int, int] = {}
    for keys_of in (_primary, _any_key, _name):
        taken = set(found.values())
        lefts = _owners(keys_of, ((i, one) for i, one in enumerate(left) if i not in found))
        rights = _owners(keys_of, ((i, one) for i, one in enumerate(right) if i not in taken))
        pairs: dict[int, set[int]] = {}
        back: dict[int, set[int]] = {}
        for key in lefts.keys() & rights.keys():
            if len(lefts[key]) == len(rights[key]) == 1:
                (a,), (b,) = lefts[key], rights[key]
                pairs.setdefault(a, set()).add(b)
                back.setdefault(b, set()).add(a)
        for a, bs in pairs.items():
            b = next(iter(bs))
            if len(bs) == 1 and len(back[b]) == 1:
                found[a] = b
    return dict(sorted(found.items()))


def _owners(
    keys_of: Callable[[Identity], set[str]], people: Iterable[tuple[int, Identity]]
) -> dict[str, set[int]]:
    owners: dict[str, set[int]] = {}
    for place, one in people:
        for key in keys_of(one):
            owners.setdefault(key, set()).add(place)
    return owners
