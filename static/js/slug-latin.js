// Addresses that the admin suggests from a name are written by the portal's own table: Django's knows no ғ ӣ қ ӯ ҳ ҷ.
// The same rule as portal.text.slugify; the table comes with the field.
{
  window.URLify = function URLify(text, length) {
    const table = JSON.parse(document.querySelector("[data-latin]")?.dataset.latin ?? "{}");
    const latin = [...text.normalize("NFC").toLowerCase()].map((letter) => table[letter] ?? letter).join("");
    const slug = latin
      .replace(/[\u2010-\u2015\u2212]/g, "-")
      .normalize("NFKD")
      .replace(/[^\x00-\x7f]/g, "")
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replace(/[-\s]+/g, "-")
      .replace(/^[-_]+|[-_]+$/g, "");
    if (slug.length <= length) return slug;
    const end = slug.slice(0, length + 1).lastIndexOf("-");
    return end > 0 ? slug.slice(0, end) : slug.slice(0, length);
  };
}
