// Save what is typed while it is typed. What the server does not have stays here if asked for, for a day.
const PAUSE = 4000; // Milliseconds of rest before a save.
const AGAIN = 20000; // After one that did not get through.
const DAY = 864e5;

const form = document.querySelector("form[data-draft]");
const line = document.querySelector("[data-saved]");
const box = document.querySelector("[data-consent]");
const token = form.elements.csrfmiddlewaretoken; // Empty in the form that is shown offline.
let { begun } = form.dataset; // When the server saved its draft; "": it has none; undefined: who knows?
let until = Date.now() + DAY;
let typed = {}; // What the server does not have.
let dirty = false;
let leaving = false; // The form itself is on its way.
let under = null; // The save that is on its way.
let timer;
let news = ""; // What is said before the rest, until the writer types: a save follows within seconds.

const say = (text) => {
  const words = `${news} ${text}`.trim();
  if (line.textContent !== words) line.textContent = words;
};
const later = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
};

function put(name, value) {
  const field = form.elements[name];
  if (!field) return form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  if (field.type === "checkbox") field.checked = value;
  else field.value = value;
  form.querySelector(`[name="${name}"]`).dispatchEvent(new Event("input", { bubbles: true }));
}

function store() {
  if (until <= Date.now()) box.checked = false;
  try {
    if (box.checked) localStorage.appeal = JSON.stringify({ until, begun, typed });
    else localStorage.removeItem("appeal");
  } catch {
    box.checked = false;
  }
}

function restore() {
  const kept = JSON.parse(localStorage.appeal ?? "{}");
  box.closest("[hidden]").hidden = false;
  box.checked = false; // A browser may bring a tick back; consent is what is kept, or a new tick.
  if (!(kept.until > Date.now())) return;
  until = kept.until;
  box.checked = true;
  // A draft that was saved since holds it.
  if (begun === undefined || kept.begun === undefined || kept.begun === begun) {
    for (const name in kept.typed) put(name, kept.typed[name]);
    if (dirty) {
      news = line.dataset.restoredText;
      say("");
    }
  }
  store();
}

// A page as a document; the parser that takes a text is closed to our scripts (Trusted Types).
function read(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response) : reject(new TypeError()));
    request.onerror = () => reject(new TypeError());
    request.send();
  });
}

// The offline form gets the token, and the draft's words where nothing was typed.
async function fetchForm() {
  const theirs = (await read(form.action)).querySelector("form[data-draft]");
  for (const [name, value] of new FormData(theirs)) if (value && !(name in typed) && !value.size) put(name, value);
  begun = theirs.dataset.begun;
  document.querySelector("[data-no-line]").hidden = true;
}

async function send(keepalive) {
  dirty = false;
  try {
    if (!token.value) await fetchForm();
    const sent = { ...typed };
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive });
    if (answer.status === 409) return location.reload(); // It was sent in another tab.
    if (answer.status === 429) { dirty = true; return later(1000 * (answer.headers.get("Retry-After") || 60)); }
    if (!answer.ok) throw answer;
    const { saved, at } = await answer.json();
    begun = at;
    for (const name in sent) if (typed[name] === sent[name]) delete typed[name];
    store();
    say(line.dataset.savedText.replace("{time}", saved));
  } catch {
    dirty = true;
    say(line.dataset.unsavedText);
    later(AGAIN);
  }
}

function save(keepalive = false) {
  clearTimeout(timer);
  if (!dirty || leaving) return;
  if (under) return later(PAUSE); // An older one must never arrive last.
  under = send(keepalive).finally(() => { under = null; });
}

// Two senders at a time would begin two drafts.
form.draftBegun = async () => {
  if (begun) return;
  dirty = true;
  save();
  await under;
};

form.addEventListener("input", ({ target, isTrusted }) => {
  if (isTrusted) news = "";
  if (target.type === "file" || target.type === "hidden") return;
  typed[target.name] = target.type === "checkbox" ? target.checked : target.value;
  store();
  dirty = true;
  later(PAUSE);
});
form.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (!token.value || !navigator.onLine) {
    event.preventDefault();
    line.scrollIntoView({ block: "center" });
    dirty = true;
    return save();
  }
  if (under) {
    event.preventDefault();
    under.then(() => form.requestSubmit(event.submitter));
  } else leaving = true;
});
addEventListener("pageshow", () => { leaving = false; });
addEventListener("online", () => save());
addEventListener("pagehide", () => save(true));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
box.addEventListener("change", () => {
  until = Date.now() + DAY;
  store();
});
try { restore(); } catch {}
setTimeout(store, until - Date.now());
