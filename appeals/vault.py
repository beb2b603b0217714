"""Encryption of what citizens send. Knows no model and no request.

An appeal has a random data key; its content and files are encrypted with it, and it is sealed to the office's
public key: who has the database alone reads nothing. A draft is encrypted with a key that only the cookie
of the browser that wrote it holds.
"""

import hashlib

import nacl.exceptions
import nacl.utils
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox


class Unreadable(Exception):
    """The box was not made with this key, or was changed."""


def new_key() -> bytes:
    """A random key of 32 bytes."""
    return nacl.utils.random(SecretBox.KEY_SIZE)


def encrypt(key: bytes, plain: bytes) -> bytes:
    return bytes(SecretBox(key).encrypt(plain))


def decrypt(key: bytes, box: bytes) -> bytes:
    """The plain bytes. Raises ``Unreadable``."""
    try:
        return SecretBox(key).decrypt(bytes(box))
    except (nacl.exceptions.CryptoError, ValueError):
        raise Unreadable from None


def seal(data_key: bytes, office_key: str) -> bytes:
    """``data_key`` so that only the holder of the office's private key opens it."""
    return SealedBox(_private(office_key).public_key).encrypt(data_key)


def unseal(sealed: bytes, office_key: str) -> bytes:
    """The data key. Raises ``Unreadable``."""
    try:
        return SealedBox(_private(office_key)).decrypt(bytes(sealed))
    except (nacl.exceptions.CryptoError, ValueError):
        raise Unreadable from None


def _private(office_key: str) -> PrivateKey:
    return PrivateKey(bytes.fromhex(office_key))


def draft_key(secret: str) -> bytes:
    """The key of the draft whose cookie holds ``secret``."""
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"portal.draftkey").digest()


def draft_id(secret: str) -> str:
    """What the draft's row is found by; the key cannot be had from it."""
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"portal.draft.id").hexdigest()
