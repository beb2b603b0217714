"""Encryption of what citizens send. Knows no model and no request.

An appeal has a random data key; its content and files are encrypted with it, and it is sealed twice: to the
office's public key and to the applicant's tracking code. Who has the database alone reads nothing, nor does a
server without the office's private key. A draft is encrypted with a key that only the cookie
of the browser that wrote it holds.
"""

import hashlib
from collections.abc import Sequence

import nacl.exceptions
import nacl.utils
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

OVERHEAD = SecretBox.NONCE_SIZE + SecretBox.MACBYTES  # How much longer a box is than what is in it.


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


def public_half(private_key: str) -> str:
    """The public key of a private one; both in hexadecimal."""
    return bytes(PrivateKey(bytes.fromhex(private_key)).public_key).hex()


def key_id(public_key: str) -> str:
    """A short name of a public key: tells which appeals wait to be sealed anew after a change of keys."""
    return hashlib.blake2b(bytes.fromhex(public_key), digest_size=8, person=b"portal.key.name").hexdigest()


def seal(data_key: bytes, public_key: str) -> bytes:
    """``data_key`` so that only the holder of the private key opens it."""
    return SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(data_key)


def unseal(sealed: bytes, private_keys: Sequence[str]) -> bytes:
    """The data key, opened with whichever of the keys fits. Raises ``Unreadable``."""
    for key in private_keys:
        try:
            return SealedBox(PrivateKey(bytes.fromhex(key))).decrypt(bytes(sealed))
        except (nacl.exceptions.CryptoError, ValueError):
            continue
    raise Unreadable


def code_key(code: str, number: str) -> bytes:
    """The key that a tracking code (normalised) gives for appeal ``number``, or for one from before (empty).

    It cannot be had from the hash by which a code is checked.
    """
    return hashlib.blake2b(code.encode(), digest_size=32, salt=number.encode(), person=b"portal.code.key").digest()


def draft_key(secret: str) -> bytes:
    """The key of the draft whose cookie holds ``secret``."""
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"portal.draftkey").digest()


def draft_id(secret: str) -> str:
    """What the draft's row is found by; the key cannot be had from it."""
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"portal.draft.id").hexdigest()


def later_key(code: str) -> bytes:
    """The key that the code "continue later" (normalised) gives: it opens the secret of one draft."""
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"portal.later.key").digest()


def later_id(code: str) -> str:
    """What a draft is found by with its code; the key cannot be had from it."""
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"portal.later.id").hexdigest()
