// Photos are sent one by one while the page stays open: chosen or dropped, each with its progress and its answer.
import { begin, look, number, rows } from "./desk-photos.js";

const AT_ONCE = 2;
// As much of a file as holds what it says of itself.
const HEAD = 2 ** 18;
const desk = document.querySelector("[data-photos]");
const zone = desk?.querySelector("[data-drop]");
if (zone) start();

function start() {
  const form = desk.closest("form");
  const input = zone.querySelector("input[type=file]");
  const queue = zone.querySelector("[data-queue]");
  const offers = zone.querySelector("[data-offers]");
  const words = zone.dataset;
  const waiting = [];
  let running = 0;

  for (const part of zone.querySelectorAll("[data-with-script]")) part.hidden = false;
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;

  input.addEventListener("change", () => {
    if (!desk.dataset.url) return list();
    take([...input.files]);
    input.value = ""; // They are sent here; the form must not send them once more.
  });

  // Dropping ---------------------------------------------------------------------------------------------------------

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  // A file dropped beside the zone would replace the page, and all that was typed into it.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => carriesFiles(event) && event.preventDefault());
  zone.addEventListener("dragover", (event) => zone.classList.toggle("is-over", carriesFiles(event)));
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (desk.dataset.url) return take([...event.dataTransfer.files]);
    const all = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    list();
  });

  addEventListener("beforeunload", (leaving) => {
    if (running || waiting.length) leaving.preventDefault();
  });

  // Sending ----------------------------------------------------------------------------------------------------------

  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function entry(file, said) {
    const line = element("li", "");
    line.append(element("span", "name", file.name), element("span", "said", said));
    return line;
  }

  function take(files) {
    for (const file of files) {
      const line = entry(file, words.waiting);
      queue.append(line);
      if (file.size > Number(words.largest)) refuse(file, line, words.tooLarge);
      else waiting.push([file, line]);
    }
    next();
  }

  function next() {
    while (running < AT_ONCE && waiting.length) send(...waiting.shift());
  }

  function send(file, line) {
    running += 1;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    line.append(bar);
    const body = new FormData();
    body.append("number", rows().length + running);
    body.append("photo", file);
    const request = new XMLHttpRequest();
    request.open("POST", desk.dataset.url);
    request.setRequestHeader("X-CSRFToken", token());
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.loaded / event.total;
      const percent = Math.round(100 * bar.value);
      line.querySelector(".said").textContent = percent < 100 ? `${percent} %` : words.working;
      if (percent === 100) bar.removeAttribute("value");
    });
    request.addEventListener("loadend", () => {
      running -= 1;
      bar.remove();
      const answer = request.response;
      if (request.status === 200 && answer?.row) keep(line, answer);
      else refuse(file, line, answer?.refused ?? (request.status ? words.out : words.lost));
      next();
    });
    request.send(body);
  }

  /** Say why a file was not taken, beside its name; it can be tried again. */
  function refuse(file, line, sentence) {
    line.querySelector(".said").textContent = "";
    const buttons = element("span", "buttons");
    const again = element("button", "button", words.again);
    const dismiss = element("button", "button", words.dismiss);
    again.type = dismiss.type = "button";
    again.addEventListener("click", () => {
      line.remove();
      take([file]);
    });
    dismiss.addEventListener("click", () => line.remove());
    buttons.append(...(file.size > Number(words.largest) ? [dismiss] : [again, dismiss]));
    line.append(element("span", "refused", sentence), buttons);
    tell(`${file.name}: ${sentence}`);
  }

  function keep(line, answer) {
    const place = rows().length;
    const holder = document.createElement("template");
    holder.innerHTML = answer.row;
    const row = holder.content.querySelector("[data-row]");
    renumber(row, place);
    desk.querySelector("[data-rows]").append(row);
    for (const name of ["TOTAL_FORMS", "INITIAL_FORMS"]) {
      const count = desk.querySelector(`[name=${desk.dataset.prefix}-${name}]`);
      count.value = Number(count.value) + 1;
    }
    begin(row);
    number();
    look();
    tell(`${line.querySelector(".name").textContent}: ${words.kept}`);
    if (answer.warnings.length) {
      line.querySelector(".said").textContent = words.kept;
      for (const warning of answer.warnings) line.append(warned(warning));
      const dismiss = element("button", "button", words.dismiss);
      dismiss.type = "button";
      dismiss.addEventListener("click", () => line.remove());
      line.append(dismiss);
    } else {
      line.remove();
    }
    offer(answer.offered);
  }

  /** Two photos on their way may have been given one number: the place in the list is what counts. */
  function renumber(row, place) {
    const total = Number(desk.querySelector(`[name=${desk.dataset.prefix}-TOTAL_FORMS]`).value);
    const known = row.querySelector("[name$='-id']").name;
    const [from, to] = [known.slice(0, -3), `${desk.dataset.prefix}-${Math.max(total, place)}`];
    for (const part of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace(new RegExp(`\\b${from}-`, "g"), `${to}-`));
      }
    }
  }

  function warned({ text, url }) {
    const shown = element("span", "warned", url ? "" : text);
    if (url) {
      const link = element("a", "", text);
      link.href = url;
      link.target = "_blank";
      shown.append(link);
    }
    return shown;
  }

  function tell(sentence) {
    zone.querySelector("[data-progress-said]").textContent = sentence;
  }

  // What the photo knows of the event --------------------------------------------------------------------------------

  /** Fill what is empty; offer what differs. */
  function offer(offered) {
    if (offered.starts_at) {
      const { day, clock, text } = offered.starts_at;
      suggest("starts_at", [["starts_at_0", day], ["starts_at_1", clock]], text);
    }
    if (offered.place) suggest("place", [["place", String(offered.place.id)]], offered.place.text);
  }

  function suggest(name, values, text) {
    const fields = values.map(([field]) => form.elements.namedItem(field));
    if (fields.some((field) => !field) || offers.querySelector(`[data-offer=${name}]`)) return;
    if (fields.every((field, place) => field.value.startsWith(values[place][1]))) return;
    const line = element("p", "", "");
    line.dataset.offer = name;
    const fill = () => {
      fields.forEach((field, place) => {
        field.value = values[place][1];
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      line.textContent = words.filled.replace("%(value)s", text);
    };
    if (fields.every((field) => !field.value)) {
      fill();
    } else {
      const button = element("button", "button", words.use);
      button.type = "button";
      button.addEventListener("click", fill);
      const sentence = name === "place" ? words.offerPlace : words.offerStartsAt;
      line.append(sentence.replace("%(value)s", text), button);
    }
    offers.append(line);
  }

  // A new event: its photos are sent with the form -------------------------------------------------------------------

  async function list() {
    queue.replaceChildren(...[...input.files].map((file) => entry(file, words.withEvent)));
    for (const file of [...input.files].slice(0, 5)) {
      const body = new FormData();
      body.append("photo", file.slice(0, HEAD), file.name);
      const options = { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": token() } };
      const answer = await fetch(words.facts, options).catch(() => null);
      const offered = answer?.ok ? (await answer.json()).offered : {};
      offer(offered);
      if (offered.starts_at) break;
    }
  }
}
