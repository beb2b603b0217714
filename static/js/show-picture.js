// The text edition shows a picture in its place when the reader asks for it; without this the link opens it.
for (const link of document.querySelectorAll("[data-picture]")) {
  link.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const picture = new Image(link.dataset.width, link.dataset.height);
    picture.alt = link.dataset.alt;
    picture.tabIndex = -1;
    picture.addEventListener("error", () => picture.replaceWith(link)); // It can be tried again.
    picture.src = link.href;
    link.replaceWith(picture);
    picture.focus({ preventScroll: true });
  });
}
