// Passkeys: the one thing of signing in that needs a script. Forms marked data-passkey stay hidden without it.
"use strict";

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const textOf = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function decoded(options) {
  const listed = (keys) => keys?.map((key) => ({ ...key, id: bytesOf(key.id) }));
  const given = { ...options.publicKey, challenge: bytesOf(options.publicKey.challenge) };
  if (given.user) given.user = { ...given.user, id: bytesOf(given.user.id) };
  if (given.allowCredentials) given.allowCredentials = listed(given.allowCredentials);
  if (given.excludeCredentials) given.excludeCredentials = listed(given.excludeCredentials);
  return { publicKey: given };
}

function encoded(credential) {
  const said = credential.response;
  const response = { clientDataJSON: textOf(said.clientDataJSON) };
  if (said.attestationObject) {
    response.attestationObject = textOf(said.attestationObject);
    response.transports = said.getTransports?.() ?? [];
  } else {
    response.authenticatorData = textOf(said.authenticatorData);
    response.signature = textOf(said.signature);
    response.userHandle = textOf(said.userHandle);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function optionsOf(form) {
  if (!form.dataset.ask) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const wrong = [...form.querySelectorAll(".wrong[data-why]")];
  form.querySelector("button[type=button]").addEventListener("click", async () => {
    for (const sentence of wrong) sentence.hidden = true;
    try {
      const asked = await optionsOf(form);
      const options = decoded(asked.creation_options ?? asked.request_options ?? asked);
      const made = form.dataset.passkey === "create"
        ? await navigator.credentials.create(options)
        : await navigator.credentials.get(options);
      form.elements.credential.value = encoded(made);
      form.submit();
    } catch (problem) {
      (wrong.find((sentence) => sentence.dataset.why === problem.name) ?? wrong[0]).hidden = false;
      console.warn(problem);
    }
  });
}
