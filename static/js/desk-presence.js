// Who else has this event open, and whether one of its reports was saved since this page was opened.
const SECONDS = 20;
const desk = document.getElementById("desk");
if (desk?.dataset.presence) start(desk);

function start(place) {
  const form = place.closest("form");
  const beat = async (leaving) => {
    const body = new URLSearchParams(leaving ? { leaving: "1" } : {});
    const headers = { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
    try {
      const options = { method: "POST", redirect: "manual", keepalive: leaving };
      const response = await fetch(place.dataset.presence, { ...options, headers, body });
      if (response.ok && !leaving) show(place, form, await response.json());
    } catch {
      // Without the server nobody knows who is there; the next beat asks again.
    }
  };
  beat(false); // After the page before this one has said that it leaves.
  setInterval(() => document.visibilityState === "visible" && beat(false), SECONDS * 1000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat(false));
  addEventListener("pagehide", () => beat(true));
  addEventListener("pageshow", (show) => show.persisted && beat(false));
}

function show(place, form, { others, revisions }) {
  const who = place.querySelector("[data-others]");
  const sentence = others.length ? `${place.dataset.also}: ${others.join(", ")}` : "";
  if (who.textContent !== sentence) who.textContent = sentence; // Said aloud only when it changes.
  const newer = [...form.querySelectorAll(".report")].filter((panel) => {
    const seen = form.elements.namedItem(`${panel.dataset.prefix}-seen_revision`);
    return seen && Number(revisions[panel.dataset.language] ?? 0) > Number(seen.value || 0);
  });
  const note = place.querySelector("[data-newer-note]");
  const names = newer.map((panel) => panel.querySelector(".report__name").textContent);
  const said = names.length ? `${place.dataset.newer} ${names.join(", ")}` : "";
  if (note.textContent !== said) note.textContent = said;
  note.hidden = !said;
}
