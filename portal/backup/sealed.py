"""A stream that is encrypted while it is written, in pieces, to the holder of one private key.

A random key of the stream is sealed to the public key; the pieces are encrypted with it one after the other
(libsodium's secretstream), so that none can be changed, left out, exchanged or cut off. Who makes a backup has
the key of the stream only while it is being made, and afterwards cannot read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import nacl.exceptions
import nacl.utils
from nacl import bindings
from nacl.public import PrivateKey, PublicKey, SealedBox

from . import BackupError

MAGIC = b"portal-backup-1\n"
CHUNK = 2**18
KEY = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
SEALED = KEY + bindings.crypto_box_SEALBYTES
HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
EXTRA = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
GOES_ON = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def new_key() -> bytes:
    """A random key for one stream."""
    return nacl.utils.random(KEY)


def new_pair() -> tuple[str, str]:
    """A private key and its public half, in hexadecimal."""
    private = PrivateKey.generate()
    return bytes(private).hex(), bytes(private.public_key).hex()


class Writer:
    """Encrypts to ``file`` what is written; ``close`` marks the end, without which no reader is content."""

    def __init__(self, file: BinaryIO, key: bytes, public_key: str) -> None:
        self.file, self.rest = file, bytearray()
        self.state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self.state, key)
        file.write(MAGIC + SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(key) + header)

    def write(self, data: bytes) -> int:
        self.rest += data
        while len(self.rest) > CHUNK:
            self.push(bytes(self.rest[:CHUNK]), GOES_ON)
            del self.rest[:CHUNK]
        return len(data)

    def push(self, piece: bytes, tag: int) -> None:
        self.file.write(bindings.crypto_secretstream_xchacha20poly1305_push(self.state, piece, MAGIC, tag))

    def close(self) -> None:
        self.push(bytes(self.rest), FINAL)


def stream_key(file: BinaryIO, private_keys: Sequence[str]) -> bytes:
    """The key of the stream at whose beginning ``file`` stands. Raises ``BackupError``."""
    start = file.read(len(MAGIC) + SEALED)
    if len(start) < len(MAGIC) + SEALED or not start.startswith(MAGIC):
        raise BackupError("This file is not a backup of the portal, or its beginning is damaged.")
    for private_key in private_keys:
        try:
            return SealedBox(PrivateKey(bytes.fromhex(private_key))).decrypt(start[len(MAGIC) :])
        except nacl.exceptions.CryptoError:
            continue
    raise BackupError("The key does not open this archive: it is sealed to another key, or its beginning is damaged.")


class Reader:
    """Reads what a ``Writer`` wrote; ``key`` may be known, else ``private_keys`` open it."""

    def __init__(self, file: BinaryIO, key: bytes = b"", private_keys: Sequence[str] = ()) -> None:
        self.file, self.rest, self.ended = file, b"", False
        if key:
            file.seek(len(MAGIC) + SEALED)
        else:
            key = stream_key(file, private_keys)
        self.state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = file.read(HEADER)
        if len(header) < HEADER:
            raise BackupError("The archive is cut short.")
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self.state, header, key)

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end. Raises ``BackupError`` rather than give a byte that is not genuine."""
        if not self.rest and not self.ended:
            self.pull()
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    def pull(self) -> None:
        piece = self.file.read(CHUNK + EXTRA)
        if not piece:
            raise BackupError("The archive is cut short.")
        try:
            self.rest, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self.state, piece, MAGIC)
        except (nacl.exceptions.CryptoError, RuntimeError, ValueError):
            if len(piece) < CHUNK + EXTRA:
                raise BackupError("The archive is cut short, or damaged near its end.") from None
            raise BackupError(f"The archive is damaged at about byte {self.file.tell():,}.") from None
        self.ended = tag == FINAL
        if self.ended and self.file.read(1):
            raise BackupError("The archive is damaged: something stands after its end.")

    def drain(self) -> None:
        """Read what is left: only at its end is a stream known to be whole."""
        while self.read(CHUNK):
            pass
