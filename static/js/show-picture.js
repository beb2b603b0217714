// Show a picture in the place of its link.
for (const link of document.querySelectorAll("[data-picture]")) {
  link.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const picture = new Image(link.dataset.width, link.dataset.height);
    picture.alt = link.dataset.alt;
    if (link.dataset.lang) picture.lang = link.dataset.lang;
    picture.tabIndex = -1;
    picture.addEventListener("error", () => picture.replaceWith(link)); // It can be tried again.
    picture.src = link.href;
    link.replaceWith(picture);
    picture.focus({ preventScroll: true });
  });
}
