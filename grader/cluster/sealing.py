"""Encrypt what passes between the parent and a node, for these two alone.

Dask carries the bytes, by way of its scheduler; TLS keeps others out. What is sealed here is read
neither by the scheduler nor by another node, and nobody else can answer for a node: a reply opens
only with the key that the two agreed on, for the very order that was sent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from grader.errors import Signal

KEY_BYTES, NONCE_BYTES = 32, 12


class UnsealedError(Signal):
    """Bytes that were not sealed with this key, or for another message."""


@dataclass(frozen=True)
class Channel:
    """A key that two sides have, and nobody else."""

    key: bytes

    def seal(self, data: bytes, label: str) -> bytes:
        """Return bytes that only the other side can read, and only as what they are called."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, data, label.encode())

    def unseal(self, sealed: bytes, label: str) -> bytes:
        """Return what `seal` was given.

        Raises
        ------
        UnsealedError
            It did not make this.
        """
        try:
            nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return AESGCM(self.key).decrypt(nonce, body, label.encode())
        except (InvalidTag, ValueError) as error:
            raise UnsealedError("it was sealed by somebody else, or for something else") from error


def make_key() -> bytes:
    """Return a new key for a run."""
    return os.urandom(KEY_BYTES)


class Handshake:
    """One side of an agreement on a key."""

    def __init__(self) -> None:
        self._private = X25519PrivateKey.generate()

    @property
    def public(self) -> str:
        """What the other side is told."""
        return self._private.public_key().public_bytes_raw().hex()

    def agree(self, public: str, run: str) -> Channel:
        """Return the channel with whoever has told this.

        Raises
        ------
        UnsealedError
            It is no key.
        """
        try:
            shared = self._private.exchange(
                X25519PublicKey.from_public_bytes(bytes.fromhex(public))
            )
        except ValueError as error:
            raise UnsealedError("what was told is no key") from error
        return Channel(HKDF(SHA256(), KEY_BYTES, None, run.encode()).derive(shared))
