// Show "Copy the link" where the browser can do it, and say when it is done.
for (const item of document.querySelectorAll("[data-copy-link]")) {
  if (!navigator.clipboard) break; // Not on an unencrypted address: the item stays hidden.
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
