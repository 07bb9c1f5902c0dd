"use strict";

// Airflow keeps the color mode as a class of its own page; the room follows it, and the system where it stands alone.
function follow() {
  let root = null;
  try { root = window.parent !== window ? window.parent.document.documentElement : null; } catch { root = null; }
  if (!root) return;
  const take = () => { document.documentElement.dataset.theme = root.classList.contains("dark") ? "dark" : "light"; };
  take();
  new MutationObserver(take).observe(root, { attributes: true, attributeFilter: ["class"] });
}
follow();

// An act: its reason and the values of the button, as JSON from this page; then the page as it stands afterwards.
async function act(form, button) {
  const said = form.querySelector("output");
  const body = Object.fromEntries(new FormData(form));
  for (const [name, value] of Object.entries(button.dataset)) body[name.replace(/[A-Z]/g, (c) => "_" + c.toLowerCase())] = value;
  const buttons = form.querySelectorAll("button");
  buttons.forEach((one) => { one.disabled = true; });
  said.className = "";
  said.textContent = "Working …";
  try {
    const answer = await fetch(form.dataset.act, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
    const found = await answer.json();
    said.className = answer.ok ? "done" : "refused";
    said.textContent = answer.ok ? found.text : plain(found.detail);
    if (answer.ok) { setTimeout(() => location.reload(), 3000); return; }
  } catch {
    said.className = "refused";
    said.textContent = "The room does not answer. Look whether it was done before you try again.";
  }
  buttons.forEach((one) => { one.disabled = false; });
}

function plain(detail) {
  if (typeof detail === "string") return detail;
  return detail.map((one) => `${one.loc[one.loc.length - 1]}: ${one.msg}`).join("; ");
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.act");
  if (!form) return;
  event.preventDefault();
  act(form, event.submitter);
});

// The verification tells line by line how far it is; the last line is the verdict as the page shows it.
async function verify(form) {
  const place = document.getElementById("verdict");
  const button = form.querySelector("button");
  const said = document.createElement("p");
  button.disabled = true;
  place.replaceChildren(said);
  said.className = "progress";
  said.textContent = "Verifying …";
  const take = (one) => {
    if ("progress" in one) said.textContent = `Verifying: ${one.progress} …`;
    else if ("html" in one) place.innerHTML = one.html;
    else said.textContent = one.error;
  };
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/x-ndjson" },
      body: JSON.stringify({ anchor: form.elements.anchor.value.trim() }),
    });
    if (!answer.ok) throw new Error();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split("\n");
      rest = lines.pop();
      lines.forEach((line) => take(JSON.parse(line)));
    }
  } catch {
    said.textContent = "The room does not answer. Try again in a moment.";
  }
  button.disabled = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.verify");
  if (!form) return;
  event.preventDefault();
  verify(form);
});
