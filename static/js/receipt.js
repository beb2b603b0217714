// Leaving the page is asked about until the code was downloaded, printed or copied.
const status = document.querySelector("[data-kept]");
const tool = (name) => document.querySelector(`[data-keep="${name}"]`);

const warn = (event) => {
  event.preventDefault();
  event.returnValue = ""; // Older browsers ask for this.
};
const kept = () => window.removeEventListener("beforeunload", warn);
window.addEventListener("beforeunload", warn);

tool("pdf").addEventListener("click", kept);
tool("done").addEventListener("submit", kept);
window.addEventListener("afterprint", kept);

const copied = () => {
  kept();
  status.textContent = status.dataset.copied;
};

// Without a clipboard (no HTTPS): as browsers did before.
const select = () => {
  const range = document.createRange();
  range.setStartBefore(document.getElementById("number"));
  range.setEndAfter(document.getElementById("code"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  if (document.execCommand("copy")) copied();
  else status.textContent = status.dataset.selected;
};

tool("copy").addEventListener("click", () => {
  const text = ["number", "code"].map((id) => document.getElementById(id).textContent.trim()).join("\n");
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(copied, select);
  else select();
});
tool("print").addEventListener("click", () => window.print());
for (const name of ["copy", "print"]) tool(name).hidden = false;
