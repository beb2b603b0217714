"""With SIGNATURE_ONLINE=1 the portal asks the trusted authorities' services, and no address that a stranger wrote."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID as Access

from appeals.signature import Fault, Invalid, verify
from tests.appeals import pki

AUTHORITY = pki.Authority()
DOCUMENT = b"An appeal"
TRUST = replace(AUTHORITY.trust(lists=False), online=True)


class Service(ThreadingHTTPServer):
    """Answers every question with the authority's list of revoked certificates, and notes what was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked = []

    def certificate_of(self, authority):
        """A certificate that names this service for everything."""
        address = {what: x509.UniformResourceIdentifier(f"http://127.0.0.1:{self.server_port}/{what}") for what in WHAT}
        about = [(Access.CA_ISSUERS, "issuer"), (Access.OCSP, "ocsp")]
        access = x509.AuthorityInformationAccess([x509.AccessDescription(oid, address[what]) for oid, what in about])
        lists = x509.CRLDistributionPoints([x509.DistributionPoint([address["crl"]], None, None, None)])
        return authority.issue(further=(access, lists))


WHAT = ("issuer", "ocsp", "crl")


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "application/pkix-crl")
        self.end_headers()
        self.wfile.write(AUTHORITY.crl())

    do_POST = do_GET

    def log_message(self, *args):
        """Says nothing."""


@pytest.fixture
def service():
    with Service() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("stranger", [pki.Authority("Other"), pki.Authority()], ids=["unknown", "with our root's name"])
def test_no_address_in_a_stranger_s_certificate_is_asked(service, stranger):
    with pytest.raises(Invalid) as refusal:
        verify(DOCUMENT, pki.p7s(DOCUMENT, service.certificate_of(stranger)), TRUST)
    assert refusal.value.fault == Fault.UNKNOWN_ISSUER
    assert service.asked == []


def test_the_authority_s_own_list_is_asked_for_and_heeded(service):
    signer = service.certificate_of(AUTHORITY)
    assert verify(DOCUMENT, pki.p7s(DOCUMENT, signer), TRUST).common_name == "Раҳимов Ҷамшед Қодирович"
    assert "/crl" in service.asked and "/issuer" not in service.asked
    AUTHORITY.revoke(signer)
    with pytest.raises(Invalid) as refusal:
        verify(DOCUMENT, pki.p7s(DOCUMENT, signer), TRUST)
    assert refusal.value.fault == Fault.REVOKED
