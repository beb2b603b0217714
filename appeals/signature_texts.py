"""What the citizen is told of a digital signature that is not accepted: one sentence for each reason."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .signature import Fault

SENTENCES: Mapping[Fault, str | Promise] = {
    Fault.EMPTY: _("The signature file is empty."),
    Fault.TOO_LARGE: _("The signature file is too large to be a signature of this document."),
    Fault.UNREADABLE: _("This file is not a digital signature (.p7s) and not a signed PDF."),
    Fault.ATTACHED: _("The document is inside this signature. Make a detached signature, or sign the PDF itself."),
    Fault.NOT_SIGNED: _("There is no signature in this file."),
    Fault.SEVERAL: _("This file holds several signatures. Send one with yours alone."),
    Fault.OTHER_DOCUMENT: _(
        "This is not a signature of this document as it is now. If you changed the appeal after signing, download the "
        "document and sign it again."
    ),
    Fault.CHANGED_AFTERWARDS: _("The PDF was changed after it was signed. Send it as it was right after signing."),
    Fault.BROKEN: _("The signature is damaged: it does not fit its own certificate."),
    Fault.WEAK: _("The signature uses a method that is no longer safe (for instance SHA-1). Sign with SHA-256."),
    Fault.USAGE: _("This certificate is not meant for signing documents."),
    Fault.EXPIRED: _("The certificate has expired."),
    Fault.NOT_YET_VALID: _("The certificate is not valid yet."),
    Fault.REVOKED: _("The certificate was revoked by the authority that gave it."),
    Fault.REVOCATION_UNKNOWN: _(
        "It cannot be found out now whether the certificate was revoked. Please try again later."
    ),
    Fault.SELF_SIGNED: _("The certificate was made by its owner: no authority vouches for it."),
    Fault.UNKNOWN_ISSUER: _("The authority that gave this certificate is not among those which the portal trusts."),
    Fault.NO_TRUST: _("Digital signatures cannot be checked here at present. Please sign by hand."),
}
