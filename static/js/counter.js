// Say how many characters are used: <textarea data-counter="5000" data-counter-text="{used} of {limit}">.
const PAUSE = 700; // Milliseconds before it is spoken.

for (const field of document.querySelectorAll("textarea[data-counter]")) {
  const limit = Number(field.dataset.counter);
  const shown = document.createElement("p");
  const spoken = document.createElement("p");
  let timer;
  shown.className = "counter";
  shown.setAttribute("aria-hidden", "true");
  spoken.className = "visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  field.after(shown, spoken);

  const count = () => {
    const used = [...field.value].length; // Code points, as the server counts.
    const text = (field.dataset.counterText ?? "{used} / {limit}").replace("{used}", used).replace("{limit}", limit);
    shown.textContent = text;
    shown.classList.toggle("counter--over", limit > 0 && used > limit);
    return text;
  };
  field.addEventListener("input", () => {
    const text = count();
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = text; }, PAUSE);
  });
  count();
}
