// Play a film in the place of its poster.
for (const link of document.querySelectorAll("[data-film]")) {
  link.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const video = document.createElement("video");
    if (!video.canPlayType(link.dataset.film)) return; // Another player may.
    event.preventDefault();
    const title = link.querySelector(".film__title");
    const poster = link.querySelector("img");
    video.controls = video.playsInline = true;
    video.preload = "none";
    video.className = "film__player";
    video.setAttribute("aria-label", title.textContent.trim());
    if (poster) video.poster = poster.currentSrc || poster.src;
    video.src = link.href;
    const caption = document.createElement("figcaption");
    caption.append(...title.childNodes);
    link.replaceWith(video, caption);
    video.focus({ preventScroll: true });
    video.play().catch(() => {}); // The player says why.
  });
}
