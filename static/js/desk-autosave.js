// Unsaved work is kept: in this browser at once, on the server every few seconds, and offered when the form is opened.
import * as copies from "./desk-copies.js";
import { Fields, merged } from "./desk-fields.js";

const SECONDS = 3;
const SECONDS_UNTIL_RETRY = 10;
const desk = document.getElementById("desk");
if (desk) new Autosave(desk);

function Autosave(place) {
  const { user, event, autosave: url } = place.dataset;
  const form = place.closest("form");
  const clock = Date.parse(place.dataset.now) - Date.now(); // The server's, against this machine's.
  const now = () => new Date(Date.now() + clock);
  const fields = new Fields(form, "filled" in place.dataset);
  const bar = place.querySelector("[data-found-bar]");
  const state = place.querySelector("[data-state]");
  let found = null; // An older copy that this person has not decided about yet.
  let timer = null;
  let sending = null;
  let sent = "";
  let out = false;
  let leaving = false;

  const say = (sentence, loud = false) => {
    state.textContent = sentence;
    state.classList.toggle("desk__state--loud", loud);
  };
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
  const toKeep = () => {
    const typed = fields.typed();
    if (typed) return found ? merged(found.fields, typed) : typed;
    return sent && !found ? { facts: {}, reports: {} } : null; // All was taken back: what was kept is to be forgotten.
  };

  function changed() {
    if (leaving) return;
    clearTimeout(timer);
    timer = setTimeout(keep, SECONDS * 1000);
    keepHere();
  }

  function keepHere() {
    const typed = toKeep();
    return !typed || copies.write(user, event, now().toISOString(), typed);
  }

  async function keep(last = false) {
    clearTimeout(timer);
    const typed = toKeep();
    const body = typed && JSON.stringify(typed);
    if (!body || body === sent || (leaving && !last)) return;
    const here = keepHere();
    sending?.abort();
    sending = new AbortController();
    try {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
      const options = { method: "POST", redirect: "manual", keepalive: last && body.length < 60000 };
      const response = await fetch(url, { ...options, headers, body, signal: sending.signal });
      if (response.ok) {
        const { saved_at: at } = await response.json();
        sent = body;
        out = false;
        say(place.dataset.kept.replace("%(time)s", clockTime(at)));
      } else if (response.type === "opaqueredirect" || response.status === 403) {
        out = true;
        notKept(here, place.dataset.out);
      } else {
        notKept(here, place.dataset.here);
      }
    } catch (error) {
      if (error.name !== "AbortError") notKept(here, place.dataset.here);
    }
  }

  function notKept(here, sentence) {
    say(here ? sentence : place.dataset.full, true);
    timer = setTimeout(tryAgain, SECONDS_UNTIL_RETRY * 1000);
  }

  // After a new login the old token is worth nothing: ask for the present one, if it is the same person.
  async function tryAgain() {
    if (out && !(await refresh())) {
      timer = setTimeout(tryAgain, SECONDS_UNTIL_RETRY * 1000);
      return;
    }
    await keep();
  }

  async function refresh() {
    try {
      const response = await fetch(url, { redirect: "manual" });
      if (!response.ok) return null;
      const answer = await response.json();
      if (String(answer.user) !== user) return null;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.token;
      out = false;
      return answer;
    } catch {
      return null;
    }
  }

  // What was found when the page was opened ----------------------------------------------------------------------

  async function look() {
    const here = copies.read(user, event);
    const saved = Date.parse(place.dataset.saved || 0) || 0;
    const mine = here && Date.parse(here.at) > saved && fields.differ(here.fields) ? here : null;
    if (here && !mine) copies.forget(user, event);
    const answer = bar.hidden ? null : await refresh();
    const there = answer?.fields ? { at: answer.saved_at, fields: answer.fields } : null;
    found = mine && (!there || Date.parse(mine.at) > Date.parse(there.at) + 1000) ? mine : there;
    if (!found) return;
    place.querySelector("[data-found-text]").textContent = place.dataset.found.replace("%(time)s", dayAndTime(found.at));
    bar.hidden = false;
  }

  function decided() {
    found = null;
    bar.hidden = true;
  }

  place.querySelector("[data-restore]").addEventListener("click", (click) => {
    if (!found) return; // The link leads to a page that the server fills.
    click.preventDefault();
    const { fields: kept } = found;
    decided();
    fields.fill(kept);
    say(place.dataset.restored);
    keep();
  });

  place.querySelector("[data-discard-button]").addEventListener("click", async (click) => {
    click.preventDefault();
    copies.forget(user, event);
    decided();
    await fetch(place.dataset.discard, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token() } }).catch(() => {});
    sent = "";
    changed();
  });

  // The way out --------------------------------------------------------------------------------------------------

  form.addEventListener("submit", (submit) => {
    if (out) {
      submit.preventDefault();
      say(place.dataset.out, true);
      state.scrollIntoView({ block: "center" });
      tryAgain();
      return;
    }
    keepHere();
    leaving = true; // What is saved must not come back as unsaved.
    clearTimeout(timer);
    sending?.abort();
  });
  addEventListener("pagehide", () => {
    if (!leaving) keep(true);
  });
  addEventListener("pageshow", (show) => {
    if (show.persisted) leaving = false;
  });
  addEventListener("focus", () => {
    if (out) tryAgain();
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  if (!("filled" in place.dataset)) look();
}

function dayAndTime(moment) {
  const day = { day: "2-digit", month: "2-digit", year: "numeric" };
  return new Date(moment)
    .toLocaleString("en-GB", { timeZone: "Asia/Dushanbe", ...day, hour: "2-digit", minute: "2-digit" })
    .replaceAll("/", ".")
    .replace(",", "");
}

function clockTime(moment) {
  return dayAndTime(moment).split(" ")[1];
}
