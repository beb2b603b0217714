// A rich text editor over the text of each report. It knows the site's few elements and nothing else.
// Without it (no JavaScript, or the module does not load) the plain field works as it is.
import { cleanPasted } from "./desk-paste.js";
import { toHtml } from "./desk-text.js";

const root = document.querySelector(".reports");
const ADDRESS = /^(https?:\/\/\S|mailto:\S|tel:\S|\/(?!\/))/i;
const ACTIONS = {
  h2: (chain) => chain.toggleHeading({ level: 2 }),
  h3: (chain) => chain.toggleHeading({ level: 3 }),
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  bullets: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};
const STATES = {
  h2: ["heading", { level: 2 }],
  h3: ["heading", { level: 3 }],
  bold: ["bold"],
  italic: ["italic"],
  bullets: ["bulletList"],
  numbers: ["orderedList"],
  quote: ["blockquote"],
  link: ["link"],
};

if (root) {
  // Each editor is made when its language is first seen.
  const look = () => {
    for (const field of root.querySelectorAll("textarea.report-body:not(:disabled):not([data-edited])")) {
      if (!field.closest(".report").hidden) {
        field.dataset.edited = "1";
        edit(field).catch((error) => console.error("The editor did not start; the plain field works.", error));
      }
    }
  };
  root.addEventListener("desk:shown", look);
  look();
}

async function edit(field) {
  const library = await import(root.dataset.editor);
  const place = document.createElement("div");
  place.className = "editor";
  const toolbar = root.querySelector("[data-toolbar]").content.firstElementChild.cloneNode(true);
  place.append(toolbar);
  field.after(place);
  const editor = new library.Editor({
    element: place,
    injectCSS: false, // The page's policy allows no style element; desk-reports.css has what it needs.
    content: toHtml(field.value),
    extensions: extensions(library),
    editorProps: { attributes: attributes(field), transformPastedHTML: cleanPasted },
    onUpdate: () => {
      field.value = written(editor);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    onTransaction: () => showState(toolbar, editor),
  });
  field.hidden = true;
  field.addEventListener("desk:set", () => editor.commands.setContent(toHtml(field.value), { emitUpdate: false }));
  field.labels[0]?.addEventListener("click", () => editor.commands.focus());
  makeToolbar(toolbar, editor, linkDialog(place, editor));
  showState(toolbar, editor);
}

function extensions(library) {
  const plain = ["Document", "Paragraph", "Text", "HardBreak", "Bold", "Italic", "BulletList", "OrderedList"];
  return [
    ...[...plain, "ListItem", "Blockquote", "History", "Gapcursor"].map((name) => library[name]),
    library.Heading.configure({ levels: [2, 3] }),
    // A plain mark: the library's own link brings a dialog in languages that are not ours.
    library.Mark.create({
      name: "link",
      inclusive: false,
      addAttributes: () => ({ href: { default: null } }),
      parseHTML: () => [{ tag: "a[href]", getAttrs: (link) => ADDRESS.test(link.getAttribute("href").trim()) && null }],
      renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
    }),
  ];
}

function attributes(field) {
  const label = field.labels[0];
  if (label) label.id ||= `${field.id}_label`;
  return {
    class: "editor__text",
    role: "textbox",
    "aria-multiline": "true",
    lang: field.closest(".report").dataset.language,
    ...(label && { "aria-labelledby": label.id }),
    ...(field.ariaInvalid && { "aria-invalid": "true", "aria-describedby": field.getAttribute("aria-describedby") }),
  };
}

// One block on each line, as the server writes it.
function written(editor) {
  if (editor.isEmpty) return "";
  const body = new DOMParser().parseFromString(editor.getHTML(), "text/html").body;
  return [...body.children].map((block) => block.outerHTML).join("\n");
}

function makeToolbar(toolbar, editor, askForLink) {
  const buttons = [...toolbar.querySelectorAll("button")];
  const act = (name) => (name === "link" ? askForLink() : ACTIONS[name](editor.chain().focus()).run());
  buttons.forEach((button, number) => {
    button.tabIndex = number ? -1 : 0;
    button.addEventListener("mousedown", (event) => event.preventDefault()); // The selection stays.
    button.addEventListener("click", () => act(button.dataset.do));
  });
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const here = buttons.indexOf(document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    const next = buttons[(here + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  editor.view.dom.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      askForLink();
    }
  });
}

function showState(toolbar, editor) {
  for (const [name, state] of Object.entries(STATES)) {
    toolbar.querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", editor.isActive(...state));
  }
}

function linkDialog(place, editor) {
  const dialog = root.querySelector("[data-link-dialog]").content.firstElementChild.cloneNode(true);
  const address = dialog.querySelector("input");
  const refused = dialog.querySelector(".editor-link__refused");
  place.append(dialog);
  const close = () => {
    dialog.close();
    editor.view.focus(); // At once, with the editor's own selection: the browser would put the caret at the start.
  };
  const set = () => {
    let href = address.value.trim();
    if (/^[\w-]+(\.[\w-]+)+(\/|$)/u.test(href)) href = `https://${href}`;
    refused.hidden = ADDRESS.test(href);
    if (!refused.hidden) return;
    if (editor.state.selection.empty && !editor.isActive("link")) {
      editor.commands.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] });
    } else {
      editor.chain().extendMarkRange("link").setMark("link", { href }).run();
    }
    close();
  };
  dialog.querySelector("[data-set]").addEventListener("click", set);
  dialog.querySelector("[data-cancel]").addEventListener("click", close);
  dialog.querySelector("[data-remove]").addEventListener("click", () => {
    editor.chain().extendMarkRange("link").unsetMark("link").run();
    close();
  });
  address.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter would send the whole form.
    set();
  });
  return () => {
    address.value = editor.getAttributes("link").href ?? "";
    refused.hidden = true;
    dialog.showModal();
  };
}
