// Django's box for choosing among many gives the field that one types in no name: it takes that of the list behind it.
// jQuery's turn, after Django's own: earlier there is no such field.
window.django.jQuery(() => {
  for (const list of document.querySelectorAll("select.admin-autocomplete")) {
    const field = list.parentElement.querySelector(".select2-search__field");
    if (field && list.labels.length) field.setAttribute("aria-label", list.labels[0].textContent.replace(/:\s*$/, ""));
  }
});
