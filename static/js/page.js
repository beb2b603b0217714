// Every page's script, read before the page is painted so that no wrong colour flashes.
const root = document.documentElement;

{
  // Light or dark as the reader chose, else as the device does.
  const device = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : device.matches);

  try {
    if (localStorage.theme) root.dataset.theme = localStorage.theme;
  } catch {} // A browser that keeps nothing forgets the choice with the page.

  whenRead(() => {
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.hidden = false;
      button.ariaPressed = isDark();
      button.addEventListener("click", () => {
        const theme = isDark() ? "light" : "dark";
        if ((theme === "dark") === device.matches) delete root.dataset.theme;
        else root.dataset.theme = theme;
        button.ariaPressed = isDark();
        try {
          if (root.dataset.theme) localStorage.theme = theme;
          else localStorage.removeItem("theme");
        } catch {}
      });
    }
  });
}

whenRead(() => {
  // What was read can be read without a line: templates/sw.js.
  const workers = navigator.serviceWorker;
  if (workers && !navigator.connection?.saveData) {
    const script = "/sw.js";
    const own = window.trustedTypes?.createPolicy("portal-worker", { createScriptURL: () => script });
    workers.register(own ? own.createScriptURL(script) : script).catch(() => {});
    workers.addEventListener("controllerchange", () => {
      const files = performance.getEntriesByType("resource").map(({ name }) => name);
      workers.controller?.postMessage([location.href, ...files]);
    });
  }
  // What draft.js left here is erased in time, or by a page.
  try {
    const { until } = JSON.parse(localStorage.appeal);
    if (until < Date.now() || document.querySelector("[data-forget]")) localStorage.removeItem("appeal");
  } catch {}
});

function whenRead(act) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
  else act();
}
