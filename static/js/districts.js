// Offer the districts of the chosen region, and the fields of its kind of address.
const ABROAD = "abroad";

for (const region of document.querySelectorAll('select[name$="region"]')) {
  const scope = region.closest("[data-place]") ?? document;
  const district = scope.querySelector('select[name$="district"]');
  const groups = district ? [...district.querySelectorAll("optgroup[data-region]")] : [];

  const apply = () => {
    const abroad = region.value === ABROAD;
    const own = groups.filter((group) => group.dataset.region === region.value);
    if (district) {
      const chosen = district.value;
      // Safari shows hidden groups.
      groups.forEach((group) => group.remove());
      district.append(...(region.value ? own : groups));
      district.value = chosen;
      if (district.value !== chosen) district.selectedIndex = 0;
    }
    for (const block of scope.querySelectorAll("[data-abroad]")) block.hidden = !abroad;
    for (const block of scope.querySelectorAll("[data-inland]")) block.hidden = abroad;
  };
  region.addEventListener("input", apply);
  apply();
}
