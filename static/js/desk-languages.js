// The languages of an event at the desk: one at a time behind tabs, the number of words, the Tajik text as a start.
import { setText, textOf } from "./desk-text.js";

const root = document.querySelector(".reports");
const WIDE = matchMedia("(min-width: 64rem)");

if (root) {
  const panels = [...root.querySelectorAll(".report")];
  if (panels.length > 1) makeTabs(panels);
  for (const panel of panels) {
    count(panel);
    panel.addEventListener("input", () => count(panel));
    panel.querySelector("[data-copy]")?.addEventListener("click", (event) => copySource(event, panel));
    for (const source of panel.querySelectorAll(".report__source")) source.open = WIDE.matches;
  }
  WIDE.addEventListener("change", () => {
    for (const source of root.querySelectorAll(".report__source")) source.open = WIDE.matches;
  });
}

function makeTabs(panels) {
  const list = document.createElement("div");
  list.className = "reports__tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", root.dataset.choose);
  const tabs = panels.map((panel) => makeTab(panel));
  list.append(...tabs);
  panels[0].before(list);

  const show = (chosen) => {
    tabs.forEach((tab, place) => {
      const here = place === chosen;
      tab.setAttribute("aria-selected", here);
      tab.tabIndex = here ? 0 : -1;
      panels[place].hidden = !here;
    });
    sessionStorage.setItem("desk-language", panels[chosen].dataset.language);
    panels[chosen].dispatchEvent(new CustomEvent("desk:shown", { bubbles: true }));
  };
  const showTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const place = panels.findIndex((panel) => target && panel.contains(target));
    if (place < 0) return;
    show(place);
    target.closest(".form-row")?.scrollIntoView();
    (target.parentElement.querySelector("[contenteditable]") ?? target).focus();
  };
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => show(place));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = (place + step + tabs.length) % tabs.length;
      show(next);
      tabs[next].focus();
    });
  });

  const wrong = panels.findIndex((panel) => panel.querySelector(".errorlist, .report__notice--conflict"));
  const before = panels.findIndex((panel) => panel.dataset.language === sessionStorage.getItem("desk-language"));
  show(wrong >= 0 ? wrong : Math.max(before, 0));
  showTarget();
  addEventListener("hashchange", showTarget);
  // Two lines may lead to one field: the second time the address does not change.
  addEventListener("click", (event) => {
    if (event.target.closest?.('a[href^="#"]')?.hash === location.hash) showTarget();
  });
  root.addEventListener("desk:open", (event) => show(panels.indexOf(event.target)));
}

function makeTab(panel) {
  const tab = document.createElement("button");
  const name = panel.querySelector(".report__name");
  const state = panel.querySelector(".report__state");
  tab.type = "button";
  tab.id = `${panel.id}-tab`;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", panel.id);
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  tab.append(Object.assign(document.createElement("span"), { lang: name.lang, textContent: name.textContent }));
  const notes = [state.textContent.trim()];
  if (panel.querySelector(".report__warning")) notes.push(panel.querySelector(".report__warning").textContent.trim());
  if (panel.querySelector(".errorlist")) notes.push(root.dataset.errors);
  tab.append(Object.assign(document.createElement("small"), { textContent: notes.join(" · ") }));
  if (notes.length > 1) tab.classList.add("has-notes");
  return tab;
}

function count(panel) {
  const body = panel.querySelector("textarea.report-body");
  const shown = panel.querySelector("[data-count]");
  if (body && shown) shown.textContent = textOf(body.value).split(/\s+/).filter(Boolean).length;
}

// Fill in place rather than send the page away: what is typed in the other languages stays.
function copySource(event, panel) {
  event.preventDefault();
  const filled = ["title", "lead", "body"].map((part) => {
    const area = panel.querySelector(`[name="${panel.dataset.prefix}-${part}"]`);
    const source = panel.querySelector(`[data-source="${part}"]`);
    if (!area || !source || area.value.trim()) return false;
    setText(area, part === "body" ? source.innerHTML.trim() : source.innerText.trim());
    return true;
  });
  if (filled.includes(true)) {
    event.target.replaceWith(
      Object.assign(document.createElement("span"), { className: "help", role: "status", textContent: root.dataset.copied }),
    );
  }
}
