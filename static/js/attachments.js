// Attachments are sent one after the other, and tried again. Without this file they go with the form.
const PAUSES = [1, 3, 10]; // Seconds before the second, third and fourth attempt.
const SILENCE = 60; // Seconds without a byte moved, after which the line is taken for broken.
const BUSY = ["waiting", "sending"];
// Of a text only this file makes markup: rows that the portal made (Trusted Types).
const rows = window.trustedTypes?.createPolicy("portal-rows", { createHTML: (row) => row });

for (const section of document.querySelectorAll("[data-attachments]")) start(section);

function start(section) {
  const form = section.closest("form");
  const input = section.querySelector("input[type=file]");
  const files = section.querySelector("[data-files]");
  const list = section.querySelector("[data-queue]");
  const status = section.querySelector("[data-status]");
  const words = section.dataset;
  const partly = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  const queue = []; // Chosen and not added yet.
  let pressed = null; // The button that waits for the files.
  const tell = (sentence) => { status.textContent = sentence; };

  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = ""; // The form must not send them once more.
  });

  // A file dropped beside the section would replace the page.
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => carriesFiles(event) && event.preventDefault());
  section.addEventListener("dragover", (event) => section.classList.toggle("is-over", carriesFiles(event)));
  for (const name of ["dragleave", "drop"]) section.addEventListener(name, () => section.classList.remove("is-over"));
  section.addEventListener("drop", (event) => carriesFiles(event) && take([...event.dataTransfer.files]));

  const unfinished = () => queue.some((entry) => BUSY.includes(entry.state));

  form.addEventListener("submit", (event) => {
    if (!queue.length) return;
    event.preventDefault();
    if (unfinished()) {
      pressed = event.submitter ?? form.querySelector("button");
      tell(words.wait);
    } else {
      tell(words.notAll);
      list.querySelector("button")?.focus();
    }
  });

  function goOn() {
    if (!pressed || unfinished()) return;
    const button = pressed;
    pressed = null;
    if (!queue.length) form.requestSubmit(button);
    else tell(words.notAll);
  }

  addEventListener("beforeunload", (leaving) => {
    if (unfinished()) leaving.preventDefault();
  });

  function take(chosen) {
    for (const file of chosen) {
      const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
      const id = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const entry = { file, id, state: "waiting", attempts: 0, line: element("li", "") };
      entry.said = element("p", "hint", words.waiting);
      entry.buttons = element("div", "upload-queue__buttons");
      entry.line.append(
        element("span", "upload-queue__name", file.name), element("span", "upload-queue__size", sizeOf(file)),
        entry.said, entry.buttons,
      );
      list.append(entry.line);
      queue.push(entry);
      if (file.size > Number(input.dataset.largest)) refuse(entry, input.dataset.tooLarge, false);
    }
    next();
  }

  function next() {
    // One at a time: the first may begin the draft.
    if (queue.some((entry) => entry.state === "sending")) return;
    const entry = queue.find(({ state }) => state === "waiting");
    if (!entry) return goOn();
    entry.state = "sending";
    Promise.resolve(form.draftBegun?.()).then(() => send(entry));
  }

  function send(entry) {
    entry.state = "sending";
    entry.buttons.replaceChildren();
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", entry.file.name);
    entry.said.after(bar);
    const body = new FormData();
    body.append("upload_id", entry.id);
    if (form.elements.keep_hidden_data?.checked) body.append("keep_hidden_data", "on");
    body.append("file", entry.file);
    const request = post(section.dataset.url, body);
    let silence;
    const moved = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), 1000 * SILENCE);
    };
    moved();
    request.upload.addEventListener("progress", (event) => {
      moved();
      const percent = Math.round((100 * event.loaded) / event.total);
      bar.value = event.loaded / event.total;
      entry.said.textContent = percent < 100 ? words.sent.replace("{part}", partly.format(bar.value)) : words.checking;
      if (percent === 100) bar.removeAttribute("value");
    });
    request.addEventListener("loadend", () => {
      clearTimeout(silence);
      bar.remove();
      settle(entry, request);
    });
  }

  function settle(entry, request) {
    const answer = request.response;
    if (request.status === 200 && answer?.row) keep(entry, answer);
    else if (answer?.refused) refuse(entry, answer.refused, request.status === 429);
    else if (request.status === 0 || request.status >= 500) return tryAgain(entry);
    else refuse(entry, words.out, true);
    next();
  }

  function tryAgain(entry) {
    const pause = PAUSES[entry.attempts];
    entry.attempts += 1;
    if (pause === undefined) {
      entry.attempts = 0;
      refuse(entry, words.givenUp, true);
      return next();
    }
    entry.said.textContent = words.lost;
    if (entry.attempts === 1) tell(`${entry.file.name}: ${words.lost}`);
    setTimeout(() => send(entry), 1000 * pause);
  }

  function refuse(entry, sentence, again) {
    entry.state = "refused";
    const error = element("p", "field-error", sentence);
    error.setAttribute("role", "alert");
    entry.said.replaceWith(error);
    entry.said = error;
    const dismiss = button(words.dismiss, entry.file.name, () => {
      drop(entry);
      input.focus();
    });
    const repeat = button(words.again, entry.file.name, () => {
      entry.said = element("p", "hint", words.waiting);
      error.replaceWith(entry.said);
      entry.state = "waiting";
      entry.buttons.replaceChildren();
      input.focus();
      next();
    });
    entry.buttons.replaceChildren(...(again ? [repeat, dismiss] : [dismiss]));
    tell("");
  }

  function drop(entry) {
    queue.splice(queue.indexOf(entry), 1);
    entry.line.remove();
  }

  function keep(entry, answer) {
    drop(entry);
    if (!files.querySelector(`[data-file="${answer.id}"]`)) files.insertAdjacentHTML("beforeend", rows ? rows.createHTML(answer.row) : answer.row);
    tell(`${entry.file.name}: ${words.kept}`);
  }

  files.addEventListener("click", (event) => {
    const pushed = event.target.closest("button[name=remove]");
    if (!pushed) return;
    event.preventDefault();
    const row = pushed.closest("[data-file]");
    const name = row.querySelector("a").textContent;
    pushed.disabled = true;
    const request = post(pushed.dataset.url, new FormData());
    request.addEventListener("loadend", () => {
      pushed.disabled = false;
      if (request.status !== 200) {
        tell(request.response?.refused ?? words.out);
        return pushed.focus();
      }
      const near = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (near?.querySelector("button") ?? input).focus();
      tell(`${name}: ${words.removed}`);
    });
  });

  function post(url, body) {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    request.responseType = "json";
    request.send(body);
    return request;
  }

  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function button(text, name, act) {
    const made = element("button", "button button--quiet", text);
    made.type = "button";
    made.append(element("span", "visually-hidden", `: ${name}`));
    made.addEventListener("click", act);
    return made;
  }

  function sizeOf(file) {
    const [size, text] = file.size < 2 ** 20 ? [file.size / 1024, words.kb] : [file.size / 2 ** 20, words.mb];
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    return text.replace("{size}", number.format(Math.max(size, 0.1)));
  }

}
