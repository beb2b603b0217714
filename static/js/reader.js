// All of a reader's page in one file: a slow line asks once.

{
  // Offer the text edition where the browser asks to save data.
  const link = document.querySelector("[data-save-data]");
  if (link && (navigator.connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches)) {
    const offer = document.createElement("p");
    offer.className = "save-data";
    offer.append(link.dataset.saveData, " ", link.cloneNode(true));
    document.body.append(offer);
  }
}

{
  const item = document.querySelector("[data-share]");
  if (item && navigator.share) {
    item.hidden = false;
    item.addEventListener("click", () => {
      const { content: title } = document.querySelector("[property='og:title']");
      navigator.share({ title, url: document.querySelector("[rel=canonical]").href }).catch(() => {});
    });
  }
}

{
  for (const item of document.querySelectorAll("[data-copy-link]")) {
    if (!navigator.clipboard) break; // Not without HTTPS.
    const said = item.querySelector("[aria-live]");
    item.hidden = false;
    item.querySelector("button").addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(item.dataset.copyLink);
      } catch {
        return; // The reader said no.
      }
      said.classList.remove("visually-hidden");
      said.textContent = item.dataset.copied;
      setTimeout(() => { said.textContent = ""; }, 5000);
    });
  }
}

{
  // Photos in a viewer. Without it each is a link to its largest file.
  const links = [...document.querySelectorAll("[data-photo]")].filter((link) => link.querySelector("picture"));
  const viewer = document.querySelector(".viewer");
  const part = (name) => viewer.querySelector(`.viewer__${name}`);
  const FORTH = document.dir === "rtl" ? -1 : 1;
  const FAR = 40; // Pixels that a finger travels for a swipe.
  const large = [];
  let shown = 0;
  let touch = null;

  // The page's own picture, as large as the window has room for.
  function build(number) {
    if (large[number]) return large[number];
    const picture = links[number].querySelector("picture").cloneNode(true);
    const image = picture.querySelector("img");
    const sizes = `min(100vw, ${Math.ceil((100 * image.width) / image.height)}vh)`;
    for (const source of picture.children) source.sizes = sizes;
    image.loading = "eager";
    image.draggable = false;
    return (large[number] = picture);
  }

  function show(number) {
    if (!links[number]) return;
    shown = number;
    part("photo").replaceChildren(build(number));
    const caption = links[number].closest("figure")?.querySelector("figcaption");
    part("caption").replaceChildren(...(caption ? caption.cloneNode(true).childNodes : []));
    part("place").textContent = `${number + 1} / ${links.length}`;
    part("previous").disabled = number === 0;
    part("next").disabled = number === links.length - 1;
    if (links[number + 1] && !navigator.connection?.saveData) build(number + 1);
  }

  function onKey(event) {
    const steps = { ArrowRight: shown + FORTH, ArrowLeft: shown - FORTH, Home: 0, End: links.length - 1 };
    const target = steps[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(target);
  }

  function onTouchEnd(event) {
    if (!touch || event.touches.length) return;
    const x = event.changedTouches[0].clientX - touch.clientX;
    const y = event.changedTouches[0].clientY - touch.clientY;
    touch = null;
    if (Math.abs(x) > FAR && Math.abs(x) > 2 * Math.abs(y)) show(shown - FORTH * Math.sign(x));
  }

  if (viewer?.showModal) {
    links.forEach((link, number) => {
      link.addEventListener("click", (event) => {
        if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        show(number);
        viewer.showModal();
      });
    });
    part("close").addEventListener("click", () => viewer.close());
    part("previous").addEventListener("click", () => show(shown - 1));
    part("next").addEventListener("click", () => show(shown + 1));
    viewer.addEventListener("keydown", onKey);
    viewer.addEventListener("touchstart", (event) => {
      // Two fingers enlarge; what is enlarged is moved about.
      touch = event.touches.length === 1 && (visualViewport?.scale ?? 1) === 1 ? event.touches[0] : null;
    }, { passive: true });
    viewer.addEventListener("touchend", onTouchEnd);
  }
}

{
  // Tell the site, not who reads, that the page was seen for five seconds.
  const place = document.querySelector("[data-count-read]");
  const SECONDS = 5;
  let timer;

  function watch() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(tell, SECONDS * 1000);
  }

  function tell() {
    document.removeEventListener("visibilitychange", watch);
    navigator.sendBeacon(place.dataset.countRead);
  }

  if (place && navigator.sendBeacon) {
    document.addEventListener("visibilitychange", watch);
    watch();
  }
}

{
  // Soft hyphens, at which long words of headlines may break, are not copied with them.
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    const text = selection.toString();
    if (!text.includes("\u00ad") || !event.clipboardData) return;
    const box = document.createElement("div");
    for (let number = 0; number < selection.rangeCount; number += 1) {
      box.append(selection.getRangeAt(number).cloneContents());
    }
    event.clipboardData.setData("text/plain", text.replace(/\u00ad/g, "").replace(/\u00a0/g, " "));
    event.clipboardData.setData("text/html", box.innerHTML.replace(/\u00ad/g, ""));
    event.preventDefault();
  });
}
