// The page of an appeal: who else is there, who writes, whether it has changed; and nothing typed is left by mistake.
const SECONDS = 20;
const place = document.getElementById("presence");
const typed = new Set();
let sending = false;
if (place) start();

function start() {
  const steps = document.querySelectorAll(".appeal-steps form");
  for (const form of steps) {
    form.addEventListener("input", () => {
      if (typed.size === 0) setTimeout(() => beat(false));
      typed.add(form);
    });
    form.addEventListener("submit", () => (sending = true));
  }
  addEventListener("beforeunload", (event) => typed.size && !sending && event.preventDefault());
  beat(false); // After the page before this one has said that it leaves.
  setInterval(() => document.visibilityState === "visible" && beat(false), SECONDS * 1000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat(false));
  addEventListener("pagehide", () => beat(true));
  addEventListener("pageshow", (show) => show.persisted && beat(false));
  const undo = document.querySelector(".undo");
  if (undo) setTimeout(() => undo.remove(), 11000);
}

async function beat(leaving) {
  const said = leaving ? { leaving: "1" } : typed.size ? { writing: "1" } : {};
  const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
  try {
    const options = { method: "POST", redirect: "manual", keepalive: leaving, headers };
    const response = await fetch(place.dataset.presence, { ...options, body: new URLSearchParams(said) });
    if (response.ok && !leaving) show(await response.json());
  } catch {
    // Without the server nobody knows who is there; the next beat asks again.
  }
}

function show({ others, writes, revision }) {
  say("others", others.length ? `${place.dataset.also} ${others.join(", ")}` : "");
  say("writes", writes ? `${place.dataset.writes} ${writes}` : "");
  say("newer", revision > Number(place.dataset.revision) ? place.dataset.newer : "");
}

function say(part, sentence) {
  const line = place.querySelector(`[data-part=${part}]`);
  if (line.textContent !== sentence) line.textContent = sentence; // Said aloud only when it changes.
}
