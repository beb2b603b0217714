"""What the public judges of headers ask: Mozilla's HTTP observatory and Google's CSP evaluator, by their criteria.

Faults in words; empty for an answer that has the best mark of both.
"""

from collections.abc import Mapping

SIX_MONTHS, YEAR = 15_768_000, 31_536_000
# Each of these lets foreign or injected code run.
LOOSE = {
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'unsafe-hashes'",
    "'wasm-unsafe-eval'",
    "*",
    "http:",
    "https:",
    "data:",
    "blob:",
}
NO_DEFAULT = ("base-uri", "form-action", "frame-ancestors")
REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    found = {name.lower(): values for name, *values in parts}
    assert len(found) == len(parts), f"a directive stands twice: {policy}"
    return found


def faults(headers: Mapping[str, str], https: bool = True) -> list[str]:
    found = _of_policy(directives(headers.get("Content-Security-Policy", "")))
    if https:
        found += _of_transport(headers.get("Strict-Transport-Security", ""))
    if headers.get("X-Content-Type-Options") != "nosniff":
        found.append("types may be guessed")
    if headers.get("Referrer-Policy") not in REFERRERS:
        found.append("the referrer leaves the site")
    if headers.get("Cross-Origin-Resource-Policy") not in {"same-origin", "same-site"}:
        found.append("others may embed it")
    if "Access-Control-Allow-Origin" in headers:
        found.append("others may read it")
    return found + [f"{name} tells a version" for name in ("Server", "X-Powered-By") if "/" in headers.get(name, "")]


def _of_policy(policy: dict[str, list[str]]) -> list[str]:
    if not policy:
        return ["no policy"]
    found = []
    for name in ("script-src", "object-src", "style-src"):
        sources = set(policy.get(name, policy.get("default-src", ["*"])))
        found += [f"{name} {each}" for each in sorted(sources & LOOSE)]
        found += [f"{name} names a host: {each}" for each in sources if "." in each]
    if set(policy.get("object-src", policy.get("default-src", []))) != {"'none'"}:
        found.append("plug-ins")
    found += [f"no {name}" for name in NO_DEFAULT if name not in policy]
    found += [
        f"{name} {value}" for name in NO_DEFAULT for value in policy.get(name, []) if value not in {"'self'", "'none'"}
    ]
    return found


def _of_transport(header: str) -> list[str]:
    parts = [part.strip().lower() for part in header.split(";")]
    seconds = next((int(part[8:]) for part in parts if part.startswith("max-age=")), 0)
    least = YEAR if "preload" in parts else SIX_MONTHS
    found = [] if seconds >= least else [f"HTTPS is kept to for {seconds} s"]
    return found if "includesubdomains" in parts else [*found, "sister hosts may be asked without HTTPS"]


def cookie_faults(header: str) -> list[str]:
    """Of one Set-Cookie, as it has to be with HTTPS."""
    pair, *attributes = (part.strip() for part in header.split(";"))
    known = {name.lower(): value for name, _, value in (each.partition("=") for each in attributes)}
    # One of a part of the site cannot have the stricter prefix.
    part = known.get("path") != "/" and pair.startswith("__Secure-")
    found = [] if pair.startswith("__Host-") or part else ["any host beside may set it"]
    if "secure" not in known:
        found.append("no secure")
    if "httponly" not in known and known.get("max-age") != "0":  # One that is taken away holds nothing.
        found.append("no httponly")
    if (known.get("path") != "/" and not part) or "domain" in known:
        found.append("the browser refuses it")
    return found if known.get("samesite") in {"Lax", "Strict"} else [*found, "no samesite"]
