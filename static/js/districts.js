// Offer only the districts of the chosen region; show the address fields that belong to the choice.
// Without this file every district and every field is there, and the form works.
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
      // Old Safari ignores hidden groups: take them out and put the wanted ones back.
      groups.forEach((group) => group.remove());
      district.append(...(region.value ? own : groups));
      district.value = chosen;
      if (district.value !== chosen) district.selectedIndex = 0;
    }
    for (const block of scope.querySelectorAll("[data-abroad]")) block.hidden = !abroad;
    for (const block of scope.querySelectorAll("[data-inland]")) block.hidden = abroad;
  };
  region.addEventListener("change", apply);
  apply();
}
