"""On readers' and citizens' pages no script makes markup or code of a text, but in the two places that have a name."""

import pytest

pytestmark = pytest.mark.browser

PAGES = ("/en/", "/en/news/", "/en/search/?q=president", "/en/preferences/", "/en/appeals/write/", "/en/appeals/track/")
SINKS = {
    "innerHTML": "document.body.innerHTML = '<b>x</b>'",
    "insertAdjacentHTML": "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
    "DOMParser": "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
    "script": "document.createElement('script').src = '/static/x.js'",
    "worker": "navigator.serviceWorker.register('/x.js')",
    "a policy of another name": "trustedTypes.createPolicy('injected', { createHTML: (text) => text })",
    "a policy of a name in use": "trustedTypes.createPolicy('portal-worker', { createHTML: (text) => text })",
}


def test_every_sink_is_closed_and_no_script_of_ours_needs_one(browser_page):
    page = browser_page(worker=True)
    breaches = []
    page.on("console", lambda message: message.type == "error" and breaches.append(message.text))
    page.on("pageerror", lambda error: breaches.append(str(error)))
    for path in PAGES:
        page.goto(path, wait_until="networkidle")
    page.goto("/en/news/")
    page.goto(page.locator("main a[href*='/news/']:has(img)").first.get_attribute("href"), wait_until="networkidle")
    assert breaches == []
    # The name that page.js has taken stands for a worker's address alone, and makes no other than ours.
    assert (
        page.evaluate("navigator.serviceWorker.ready.then(({ active }) => new URL(active.scriptURL).pathname)")
        == "/sw.js"
    )
    for name, sink in SINKS.items():
        refused = page.evaluate(
            f"async () => {{ try {{ await ({sink}); return ''; }} catch (fault) {{ return fault.name; }} }}"
        )
        assert refused == "TypeError", name
