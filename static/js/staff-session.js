// Warns before the session ends, and says what to do when it has ended: what was typed is never lost.
const WARN = 120; // seconds before the end
const dialog = document.getElementById("staff-ending");
if (dialog) watch(Number(dialog.dataset.left));

function watch(left) {
  let over = false;
  let timer = setTimeout(look, Math.max(0, left - WARN) * 1000);
  const show = (ended) => {
    over = ended;
    dialog.querySelector("[data-soon]").hidden = ended;
    dialog.querySelector("[data-over]").hidden = !ended;
    dialog.querySelector("[data-stay]").hidden = ended;
    if (!dialog.open) dialog.showModal();
  };
  // Another tab may have kept the session alive, or signed in anew: the server knows.
  async function look(method = "GET") {
    clearTimeout(timer);
    const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    let response;
    try {
      response = await fetch(dialog.dataset.url, { method, redirect: "manual", headers: { "X-CSRFToken": token } });
    } catch {
      timer = setTimeout(look, 30000); // No network: the session may still live.
      return;
    }
    if (!response.ok) return show(true);
    const now = await response.json();
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now.token;
    if (now.left > WARN) dialog.close();
    else show(false);
    timer = setTimeout(look, (now.left > WARN ? now.left - WARN : now.left + 1) * 1000);
  }
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    look("POST");
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && (over || dialog.open) && look());
}
