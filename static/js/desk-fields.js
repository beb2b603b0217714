// The fields of the event's form that are kept while they are not saved: the texts by language, a few of the facts.
import { setText } from "./desk-text.js";

const FACTS = ["starts_at_0", "starts_at_1", "place", "languages_note"];
const PARTS = ["title", "lead", "body", "correction"];

/** Reads and fills the form. ``whole``: the page was filled with unsaved text, so that every field counts as typed. */
export class Fields {
  constructor(form, whole) {
    this.form = form;
    this.panels = [...form.querySelectorAll(".report")];
    this.whole = whole;
    this.shown = new Map(this.all().map((field) => [field, field.value]));
  }

  field(name) {
    const found = this.form.elements.namedItem(name);
    return found && !found.disabled && "value" in found ? found : null;
  }

  part(panel, part) {
    return this.field(`${panel.dataset.prefix}-${part}`);
  }

  all() {
    const texts = this.panels.flatMap((panel) => PARTS.map((part) => this.part(panel, part)));
    return [...FACTS.map((name) => this.field(name)), ...texts].filter(Boolean);
  }

  isTyped(field) {
    return Boolean(field) && field.value !== this.shown.get(field);
  }

  /** What was typed since the page was opened, as the server keeps it; null if nothing was. */
  typed() {
    const facts = Object.fromEntries(FACTS.filter((name) => this.isTyped(this.field(name))).map((name) => [name, this.field(name).value]));
    const reports = {};
    for (const panel of this.panels) {
      const parts = PARTS.filter((part) => {
        const field = this.part(panel, part);
        return this.isTyped(field) || (this.whole && field?.value);
      });
      if (!parts.length) continue;
      reports[panel.dataset.language] = Object.fromEntries(parts.map((part) => [part, this.part(panel, part).value]));
      const revision = this.part(panel, "seen_revision")?.value;
      if (revision) reports[panel.dataset.language].revision = revision;
    }
    return Object.keys(facts).length || Object.keys(reports).length ? { facts, reports } : null;
  }

  /** Whether ``fields`` hold anything that the form does not show. */
  differ(fields) {
    const facts = Object.entries(fields.facts ?? {}).some(([name, text]) => this.field(name) && this.field(name).value !== text);
    return facts || this.panels.some((panel) => {
      const parts = fields.reports?.[panel.dataset.language] ?? {};
      return PARTS.some((part) => part in parts && this.part(panel, part) && this.part(panel, part).value !== parts[part]);
    });
  }

  fill(fields) {
    for (const name of FACTS) {
      if (typeof fields.facts?.[name] === "string" && this.field(name)) setText(this.field(name), fields.facts[name]);
    }
    for (const panel of this.panels) {
      const parts = fields.reports?.[panel.dataset.language] ?? {};
      for (const part of PARTS) {
        if (typeof parts[part] === "string" && this.part(panel, part)) setText(this.part(panel, part), parts[part]);
      }
      // The text was begun on that version: what others saved since must not be saved over unseen.
      const revision = this.part(panel, "seen_revision");
      if (parts.revision && revision) revision.value = parts.revision;
    }
    const first = this.panels.find((panel) => PARTS.some((part) => fields.reports?.[panel.dataset.language]?.[part]));
    first?.dispatchEvent(new CustomEvent("desk:open", { bubbles: true }));
  }
}

/** ``newer`` over ``older``: nothing of either is lost but what both hold. */
export function merged(older, newer) {
  const reports = { ...older.reports };
  for (const [language, parts] of Object.entries(newer.reports)) reports[language] = { ...reports[language], ...parts };
  return { facts: { ...older.facts, ...newer.facts }, reports };
}
