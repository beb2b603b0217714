// The text of a report as its field holds it: plain paragraphs with empty lines between them, or HTML.
const BLOCK = /<(p|h[1-6]|ul|ol|li|blockquote|div|table|tr)\b/i;
const MARKUP = /<\/?[a-z][^>]*>/i;

/** The text of a field as HTML, by the same rule as the server's. */
export function toHtml(text) {
  if (BLOCK.test(text)) return text;
  return text
    .replace(/\r\n?/g, "\n")
    .split(/\n\s*\n/)
    .filter((block) => block.trim())
    .map((block) => `<p>${(MARKUP.test(block) ? block : escaped(block)).trim().replace(/\n/g, "<br>")}</p>`)
    .join("\n");
}

/** The words of a field, without marks. */
export function textOf(text) {
  const parsed = new DOMParser().parseFromString(toHtml(text).replace(/<\/?(p|li|h[1-6]|br)\b/gi, " $&"), "text/html");
  return parsed.body.textContent.trim();
}

/** Put ``text`` into a field as if it had been typed; an editor that stands in its place follows. */
export function setText(field, text) {
  field.value = text;
  field.dispatchEvent(new CustomEvent("desk:set"));
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function escaped(block) {
  const plain = new DOMParser().parseFromString(block.replace(/</g, "&lt;"), "text/html").body.textContent;
  return Object.assign(document.createElement("p"), { textContent: plain }).innerHTML;
}
