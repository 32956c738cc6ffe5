"""Make the certificates of a cluster, and read them.

One authority, and one certificate that it has signed, which every machine of the cluster has: who
has it is a peer, and a peer is trusted. No name is checked: nodes come and go under any.
"""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from distributed.security import Security

from grader.errors import UsageError
from grader.files import OWNER_ONLY, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

AUTHORITY, CERTIFICATE, KEY = "authority.pem", "certificate.pem", "key.pem"
DAYS = 370  # a year of teaching
HELP = "make some with `dlgrade node --new-certificates` and copy the folder to every machine"


def make_certificates(folder: Path, days: float = DAYS) -> None:
    """Write new certificates into a folder, for their owner alone.

    Raises
    ------
    UsageError
        There are some already: whoever has them could no longer join.
    """
    if any((folder / name).exists() for name in (AUTHORITY, CERTIFICATE, KEY)):
        raise UsageError(f"{folder} holds certificates already: remove that folder for new ones")
    authority_key, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    authority = _sign("dlgrade authority", authority_key, authority_key, None, days)
    certificate = _sign("dlgrade node", key, authority_key, authority, days)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        write_whole(folder / KEY, secret, mode=OWNER_ONLY)
        for name, one in ((AUTHORITY, authority), (CERTIFICATE, certificate)):
            write_whole(folder / name, one.public_bytes(Encoding.PEM), mode=OWNER_ONLY)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror})") from error


def _sign(
    name: str,
    key: EllipticCurvePrivateKey,
    signer: EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    days: float,
) -> x509.Certificate:
    """Return a certificate; without an issuer it is an authority's, which signs itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC) - timedelta(hours=1)  # clocks differ
    public = signer.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signer, SHA256())
    )


def load_security(folder: Path) -> Security:
    """Return what Dask needs to talk with peers of the same certificates, and with nobody else.

    Raises
    ------
    UsageError
        There are none, they are no more valid, do not belong together, or others may read the key.
    """
    for name in (AUTHORITY, CERTIFICATE, KEY):
        if not (folder / name).is_file():
            raise UsageError(f"there is no {name} in {folder}: {HELP}")
    if os.name != "nt" and (folder / KEY).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(f"others may read {folder / KEY}: chmod 600 it")
    try:
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder / CERTIFICATE} is no certificate: {HELP}") from error
    until = certificate.not_valid_after_utc
    if until < datetime.now(UTC):
        raise UsageError(f"the certificates in {folder} ended on {until:%Y-%m-%d}: {HELP}")
    security = security_of(*(str(folder / name) for name in (AUTHORITY, CERTIFICATE, KEY)))
    try:
        authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        certificate.verify_directly_issued_by(authority)
        security.get_connection_args("client")
    except (OSError, ValueError, TypeError, InvalidSignature) as error:
        text = f"{AUTHORITY}, {CERTIFICATE} and {KEY} in {folder} do not belong together"
        raise UsageError(f"{text}: {HELP}") from error
    return security


def security_of(authority: str, certificate: str, key: str) -> Security:
    """Return the same for three files, in every role."""
    roles = ("client", "scheduler", "worker")
    pairs = {f"tls_{role}_cert": certificate for role in roles}
    pairs |= {f"tls_{role}_key": key for role in roles}
    return Security(require_encryption=True, tls_ca_file=authority, **pairs)
