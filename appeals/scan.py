"""Asks ClamAV's daemon (clamd) about a file: clean, infected, or no answer, which is never taken for clean.

``CLAMD_SOCKET`` names its Unix socket or its ``host:port``; empty: nothing is scanned.
"""

from __future__ import annotations

import logging
import socket
import struct
import time

from django.conf import settings

from .choices import Scan

logger = logging.getLogger("appeals.scan")

CHUNK = 2**16
# A scanner that hangs is asked by one file in this time: were each waited for, there would soon be no place for a page.
SECONDS_OF_SILENCE = 60
_silent_until: dict[str, float] = {}  # by its address
ANSWER_LIMIT = 4096


def scan(content: bytes) -> str:
    """``Scan.CLEAN``, ``INFECTED``, ``HELD`` if the scanner cannot say, ``NONE`` if none is configured."""
    address = settings.CLAMD_SOCKET
    if not address:
        return Scan.NONE
    if address in _silent_until:
        if time.monotonic() < _silent_until[address]:
            return Scan.HELD
        _silent_until[address] = time.monotonic() + SECONDS_OF_SILENCE
    try:
        answer = _ask(content)
    except OSError as error:
        if isinstance(error, TimeoutError):
            _silent_until[address] = time.monotonic() + SECONDS_OF_SILENCE
        logger.warning("The virus scanner does not answer: %s", type(error).__name__)
        return Scan.HELD
    _silent_until.pop(address, None)
    if answer.endswith(" FOUND"):
        return Scan.INFECTED
    if answer == "stream: OK":
        return Scan.CLEAN
    logger.warning("The virus scanner could not scan a file.")  # Too large for it, or it is out of order.
    return Scan.HELD


def _ask(content: bytes) -> str:
    """clamd's answer to the file sent as a stream of pieces with their lengths; all within ``CLAMD_SECONDS``."""
    end = time.monotonic() + settings.CLAMD_SECONDS
    with _connect() as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            connection.settimeout(_left(end))
            connection.sendall(struct.pack(">I", len(piece)) + piece)
        connection.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < ANSWER_LIMIT:
            connection.settimeout(_left(end))
            piece = connection.recv(ANSWER_LIMIT)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _left(end: float) -> float:
    if (left := end - time.monotonic()) <= 0:
        raise TimeoutError
    return left


def _connect() -> socket.socket:
    address = settings.CLAMD_SOCKET
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=settings.CLAMD_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(settings.CLAMD_SECONDS)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
