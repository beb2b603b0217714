"""Content security policies: what a browser may load and run with each kind of answer."""

# What follows from no default.
_CLOSED = "frame-ancestors 'none'; base-uri 'none'"
# No inline code, no foreign host, no plug-ins, no frames: nothing on our pages needs them.
OFFICE = (
    "default-src 'none'; script-src 'self'; object-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
    f"font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; {_CLOSED}"
)
# No script of ours makes markup or code of a text, but in the two places that have these names (static/js/page.js,
# attachments.js). The libraries of the admin (jQuery, the editor) do, so its pages go without.
PUBLIC = f"{OFFICE}; require-trusted-types-for 'script'; trusted-types portal-worker portal-rows"
# A file that somebody sent is no page of this site.
FILE = f"default-src 'none'; sandbox; form-action 'none'; {_CLOSED}"
STATIC = f"default-src 'none'; form-action 'none'; {_CLOSED}"
# The service worker fetches from this site, and does nothing else.
WORKER = f"default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; form-action 'none'; {_CLOSED}"
