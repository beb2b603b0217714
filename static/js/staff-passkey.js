// A form with data-passkey asks the browser for a passkey ("get") or for a new one ("create") and sends its answer.
const form = document.querySelector("form[data-passkey]");
const button = form.querySelector("button");
const note = document.getElementById("passkey-trouble");
const { publicKey } = JSON.parse(document.getElementById("passkey-options").textContent);
const kind = form.dataset.passkey;
const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.prototype.toJSON;

button.hidden = !able;
if (!able) note.textContent = note.dataset.missing;
form.addEventListener("submit", async (event) => {
  if (form.elements.credential.value) return;
  event.preventDefault();
  note.textContent = "";
  try {
    const options = kind === "create" ? PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) : PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
    const credential = await navigator.credentials[kind]({ publicKey: options });
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    note.textContent = note.dataset.failed;
  }
});
