// The photos of an event at the desk: their order by dragging or by buttons, their focal points, what is still missing.
const LANGUAGES = ["tg", "ru", "en"];
const SECONDS_BETWEEN_LOOKS = 2;
const desk = document.querySelector("[data-photos]");
const list = desk?.querySelector("[data-rows]");

export function rows() {
  return [...list.querySelectorAll(":scope > [data-row]")];
}

const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const changed = (input) => input?.dispatchEvent(new Event("change", { bubbles: true }));

/** Make a row work: called for those of the page, and for each that is added later. */
export function begin(row) {
  for (const part of row.querySelectorAll("[data-handle], [data-moves], [data-with-script]")) part.hidden = false;
  const position = row.querySelector("[data-position]");
  if (position && !position.querySelector(".errorlist")) position.hidden = true;
  row.querySelector("[data-handle]")?.addEventListener("pointerdown", (press) => drag(row, press));
  for (const button of row.querySelectorAll("[data-move]")) button.addEventListener("click", () => step(row, button));
  row.addEventListener("input", () => describe(row));
  row.querySelector("[data-again-url]")?.addEventListener("click", (click) => again(row, click.target));
  focus(row);
  show(row, row.dataset.state, "");
}

/** The caption in the row's head, and the languages that have none. */
function describe(row) {
  const captions = LANGUAGES.map((code) => [code, field(row, `caption_${code}`)?.value.trim() ?? ""]);
  const written = captions.find(([code, text]) => text && code === document.documentElement.lang) ?? captions.find(([, text]) => text);
  if (written) row.querySelector("[data-caption]").textContent = written[1];
  const missing = captions.filter(([, text]) => !text).map(([code]) => code);
  row.querySelector("[data-missing]").hidden = !missing.length;
  row.querySelector("[data-missing-codes]").textContent = missing.join(", ");
}

// The order ----------------------------------------------------------------------------------------------------------

/** Write the order of the rows into their positions. */
export function number() {
  rows().forEach((row, place) => {
    const position = field(row, "position");
    if (!position || position.value === String(place)) return;
    position.value = place;
    changed(position);
  });
}

function say(row) {
  const place = rows().indexOf(row) + 1;
  desk.querySelector("[data-said]").textContent = desk.dataset.moved.replace("%(place)s", place);
}

function step(row, button) {
  const forward = button.dataset.move === "1";
  const neighbour = forward ? row.nextElementSibling : row.previousElementSibling;
  if (!neighbour) return;
  if (forward) neighbour.after(row);
  else neighbour.before(row);
  number();
  button.focus();
  row.scrollIntoView({ block: "nearest" });
  say(row);
}

/** Put a row in its place by moving the others: one that is taken out of the page is no longer under the pointer. */
function settle(row, place) {
  if (rows().indexOf(row) === place) return;
  const others = rows().filter((one) => one !== row);
  row.before(...others.slice(0, place));
  row.after(...others.slice(place));
}

function drag(row, press) {
  if (press.button) return;
  press.preventDefault();
  const handle = press.currentTarget;
  const first = rows().indexOf(row);
  handle.setPointerCapture(press.pointerId);
  row.classList.add("is-dragged");
  const over = (move) => {
    const edge = 60;
    if (move.clientY < edge) scrollBy(0, -12);
    else if (move.clientY > innerHeight - edge) scrollBy(0, 12);
    const other = rows().find((one) => {
      const box = one.getBoundingClientRect();
      return one !== row && move.clientY > box.top && move.clientY < box.bottom;
    });
    if (!other) return;
    const box = other.getBoundingClientRect();
    const others = rows().filter((one) => one !== row);
    settle(row, others.indexOf(other) + (move.clientY < box.top + box.height / 2 ? 0 : 1));
  };
  const stop = (end) => {
    handle.removeEventListener("pointermove", over);
    for (const name of ["pointerup", "pointercancel"]) handle.removeEventListener(name, stop);
    removeEventListener("keydown", escape, true);
    row.classList.remove("is-dragged");
    if (end.type === "pointercancel") settle(row, first);
    number();
    say(row);
  };
  const escape = (key) => {
    if (key.key !== "Escape") return;
    key.preventDefault();
    stop(new Event("pointercancel"));
  };
  handle.addEventListener("pointermove", over);
  for (const name of ["pointerup", "pointercancel"]) handle.addEventListener(name, stop);
  addEventListener("keydown", escape, true);
}

// The focal point ----------------------------------------------------------------------------------------------------

function focus(row) {
  const [frame, mark, cut] = ["[data-focal]", "[data-mark]", "[data-cut]"].map((name) => row.querySelector(name));
  const [across, down] = [field(row, "focal_x"), field(row, "focal_y")];
  if (!frame?.querySelector("img") || !across || frame.classList.contains("is-active")) return;
  const clamp = (value) => Math.min(100, Math.max(0, Math.round(value)));
  const draw = () => {
    const [x, y] = [clamp(Number(across.value)), clamp(Number(down.value))];
    mark.style.left = `${x}%`;
    mark.style.top = `${y}%`;
    // In tenths, as the readers' style sheet has it.
    cut.querySelector("img").style.objectPosition = `${Math.round(x / 10) * 10}% ${Math.round(y / 10) * 10}%`;
  };
  const put = (x, y) => {
    across.value = clamp(x);
    down.value = clamp(y);
    changed(across);
    changed(down);
    draw();
  };
  const under = (point) => {
    const box = frame.querySelector("img").getBoundingClientRect();
    put((100 * (point.clientX - box.left)) / box.width, (100 * (point.clientY - box.top)) / box.height);
  };
  frame.querySelector("img").addEventListener("click", (click) => {
    under(click);
    mark.focus({ preventScroll: true });
  });
  mark.addEventListener("pointerdown", (press) => mark.setPointerCapture(press.pointerId));
  mark.addEventListener("pointermove", (move) => mark.hasPointerCapture(move.pointerId) && under(move));
  mark.addEventListener("keydown", (key) => {
    const far = key.shiftKey ? 10 : 2;
    const way = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[key.key];
    if (!way) return;
    key.preventDefault();
    put(Number(across.value) + way[0], Number(down.value) + way[1]);
  });
  for (const input of [across, down]) input.addEventListener("input", draw);
  frame.classList.add("is-active");
  mark.hidden = cut.hidden = false;
  draw();
}

// Whether readers see it already -------------------------------------------------------------------------------------

function show(row, state, thumbnail) {
  row.dataset.state = state;
  row.querySelector("[data-preparing]").hidden = state !== "preparing";
  row.querySelector("[data-failed]").hidden = row.querySelector("[data-again]").hidden = state !== "failed";
  if (!thumbnail || row.querySelector("[data-thumb] img")) return;
  for (const place of row.querySelectorAll("[data-thumb], [data-focal], [data-cut]")) {
    const picture = new Image();
    picture.alt = "";
    picture.src = thumbnail;
    place.prepend(picture);
  }
  focus(row);
}

async function again(row, button) {
  button.disabled = true;
  const token = desk.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(button.dataset.againUrl, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
  button.disabled = false;
  if (answer?.ok) told((await answer.json()).photos);
  look();
}

function told(photos) {
  for (const row of rows()) {
    const news = photos[row.dataset.photo];
    if (news) show(row, news.state, news.thumbnail);
  }
}

let looking = false;
/** Ask again and again until no photo is being prepared any more. */
export async function look() {
  if (looking || !desk.dataset.url) return;
  looking = true;
  while (rows().some((row) => row.dataset.state === "preparing")) {
    await new Promise((wait) => setTimeout(wait, SECONDS_BETWEEN_LOOKS * 1000));
    if (document.hidden) continue;
    const answer = await fetch(desk.dataset.url, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) told((await answer.json()).photos);
  }
  looking = false;
}

// A link to a field, or a fault in one, opens the row that it stands in.
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && list.contains(target) && target.closest("details");
  if (!details) return;
  details.open = true;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

if (list) {
  for (const row of rows()) begin(row);
  // A form that came back with a fault has the rows in the stored order, and in their fields the one that was made.
  const place = (row) => Number(field(row, "position")?.value || Infinity);
  list.append(...rows().sort((one, other) => (place(one) === place(other) ? 0 : place(one) - place(other))));
  number();
  look();
  reveal();
  addEventListener("hashchange", reveal);
}
