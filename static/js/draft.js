// Keep what is typed on the server while it is being typed: <form data-draft="/en/appeals/write/save/">. Files go
// with the form, or by themselves. Without this file the buttons at the end of the form save, as always.
const PAUSE = 4000; // Milliseconds of rest after which what was typed is saved.
const AGAIN = 20000; // After a save that did not get through.

function setUp(form) {
  const line = document.querySelector("[data-saved]");
  let dirty = false;
  let begun = form.hasAttribute("data-begun"); // The server has a draft of this browser.
  let leaving = false; // The form itself is on its way, and holds everything.
  let under = null; // The save that is on its way.
  let timer;

  const say = (text) => { if (line && line.textContent !== text) line.textContent = text; };
  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => save(), milliseconds);
  };

  function typed() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async function send(keepalive) {
    dirty = false;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(), keepalive });
      if (answer.status === 409) return location.reload(); // It was sent in another tab.
      if (answer.status === 429) { dirty = true; return later(Number(answer.headers.get("Retry-After") || 60) * 1000); }
      if (!answer.ok) throw new Error(answer.statusText);
      begun = true;
      say(line.dataset.savedText.replace("{time}", (await answer.json()).saved));
    } catch {
      dirty = true;
      say(line.dataset.unsavedText);
      later(AGAIN);
    }
  }

  function save(keepalive = false) {
    clearTimeout(timer);
    if (!dirty || leaving) return;
    if (under) { later(PAUSE); return; } // One at a time: an older one must never arrive last.
    under = send(keepalive).finally(() => { under = null; });
  }

  // Whoever sends something by itself asks this first: two at a time would begin two drafts.
  form.draftBegun = async () => {
    if (begun) return;
    dirty = true;
    save();
    await under;
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    dirty = true;
    later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (under) {
      event.preventDefault();
      under.then(() => form.requestSubmit(event.submitter));
      return;
    }
    leaving = true;
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => save());
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
}

document.querySelectorAll("form[data-draft]").forEach(setUp);
