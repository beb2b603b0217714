// What was pasted, before the editor takes of it what it knows: Word's lists, headings and tables in plain HTML.

/** ``html`` from the clipboard without what Word and Google Docs add. */
export function cleanPasted(html) {
  // The page's policy refuses styles and handlers wherever they are parsed, with a complaint: take them out before.
  const harmless = html
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/([\s/"'])(style|on[a-z]+)\s*=/gi, "$1 data-$2=");
  const page = new DOMParser().parseFromString(harmless, "text/html");
  for (const alien of page.querySelectorAll("style, script, xml, title, meta, link, img, svg")) alien.remove();
  for (const strong of page.querySelectorAll("b[data-style]")) {
    if (/font-weight:\s*(normal|400)/.test(strong.dataset.style)) strong.replaceWith(...strong.childNodes);
  }
  for (const span of page.querySelectorAll("span[data-style]")) emphasise(span);
  makeLists(page);
  for (const row of [...page.querySelectorAll("tr")].reverse()) flattenRow(row);
  for (const table of [...page.querySelectorAll("table")].reverse()) {
    table.replaceWith(...table.querySelectorAll("p[data-row]"));
  }
  rename(page, "h1", "h2");
  for (const deep of ["h4", "h5", "h6"]) rename(page, deep, "h3");
  for (const paragraph of page.querySelectorAll("p, h2, h3")) {
    if (!paragraph.textContent.trim()) paragraph.remove();
  }
  return page.body.innerHTML;
}

function emphasise(span) {
  const style = span.dataset.style;
  if (/mso-list:\s*ignore/i.test(style)) return;
  const kind = /font-weight:\s*(bold|[6-9]00)/.test(style) ? "strong" : /font-style:\s*italic/.test(style) ? "em" : "";
  if (!kind || span.closest("strong, b, em, i, h1, h2, h3, h4, h5, h6")) return;
  const marked = span.ownerDocument.createElement(kind);
  marked.append(...span.childNodes);
  span.append(marked);
}

function makeLists(page) {
  for (const item of page.querySelectorAll("p[data-style*='mso-list:'], p[data-style*='mso-list :']")) {
    const mark = [...item.querySelectorAll("span[data-style]")].find((span) => /mso-list:\s*ignore/i.test(span.dataset.style));
    const kind = mark && /^\s*\(?\w{1,4}[.)]/u.test(mark.textContent) ? "OL" : "UL";
    mark?.remove();
    const entry = page.createElement("li");
    entry.append(...item.childNodes);
    const before = item.previousElementSibling;
    if (before?.tagName === kind && before.dataset.word) {
      before.append(entry);
      item.remove();
    } else {
      const list = page.createElement(kind);
      list.dataset.word = "1";
      list.append(entry);
      item.replaceWith(list);
    }
  }
}

function flattenRow(row) {
  const paragraph = row.ownerDocument.createElement("p");
  paragraph.dataset.row = "1";
  for (const cell of row.cells) {
    for (const inner of cell.querySelectorAll("p, div")) inner.replaceWith(...inner.childNodes, " ");
    paragraph.append(...cell.childNodes, " ");
  }
  row.replaceChildren(paragraph);
}

function rename(page, from, to) {
  for (const old of page.querySelectorAll(from)) {
    const made = page.createElement(to);
    made.append(...old.childNodes);
    old.replaceWith(made);
  }
}
