"""Whom the portal asks about certificates over the network, with ``SIGNATURE_ONLINE=1``.

A citizen's certificate can name any address. So the certificate of its issuer is never fetched: that is asked for
before anybody vouches for the certificate. OCSP and CRL services are asked only about certificates whose signature by
a trusted authority was checked, and so at addresses that this authority wrote.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from typing import Any

from pyhanko_certvalidator.fetchers import CertificateFetcher, Fetchers
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

SECONDS = 5  # for each question


class Nobody(CertificateFetcher):
    """Fetches no certificate: those between a root and the signer lie in ``intermediates/``, or came along."""

    async def fetch_cert_issuers(self, cert: Any) -> AsyncGenerator[Any, None]:
        return
        yield  # What makes it a generator.

    async def fetch_crl_issuers(self, certificate_list: Any) -> AsyncGenerator[Any, None]:
        return
        yield  # What makes it a generator.

    def fetched_certs(self) -> Iterable[Any]:
        return ()


def fetchers() -> Fetchers:
    """For one judgement; nothing stays open after it."""
    asked = RequestsFetcherBackend(SECONDS).get_fetchers()
    return Fetchers(ocsp_fetcher=asked.ocsp_fetcher, crl_fetcher=asked.crl_fetcher, cert_fetcher=Nobody())
