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
    if (answer.ok) {
      const again = setTimeout(() => location.reload(), 3000);
      addEventListener("beforeunload", () => clearTimeout(again)); // who goes on to another page is not held back
      return;
    }
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

// On a narrow screen the tab of what is shown may be out of sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A question that takes a while: asked as JSON from this page, the seconds counted, the answer shown below.
async function ask(form) {
  const said = form.querySelector("output");
  const button = form.querySelector("button");
  const found = form.parentElement.querySelector(".found");
  const began = Date.now();
  const tell = () => { said.textContent = `Reading the sources … ${Math.round((Date.now() - began) / 1000)} s`; };
  said.className = "";
  button.disabled = true;
  tell();
  const clock = setInterval(tell, 1000);
  try {
    const answer = await fetch(form.dataset.ask, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    clearInterval(clock);
    said.className = answer.ok ? "done" : "refused";
    if (answer.ok) found.innerHTML = await answer.text();
    said.textContent = answer.ok ? `Done after ${Math.round((Date.now() - began) / 1000)} s` : plain((await answer.json()).detail);
  } catch {
    said.className = "refused";
    said.textContent = "The room does not answer. Try again.";
  }
  clearInterval(clock);
  button.disabled = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-ask]");
  if (!form) return;
  event.preventDefault();
  ask(form);
});

// In Airflow's frame, a link to one of its own pages opens in Airflow itself, not in the frame.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-outside]");
  if (!link || window.parent === window || event.ctrlKey || event.metaKey || event.shiftKey) return;
  try {
    window.parent.history.pushState(null, "", link.href);
    window.parent.dispatchEvent(new PopStateEvent("popstate", { state: null }));
    event.preventDefault();
  } catch { /* another origin's frame: the link is followed here */ }
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
    if (!answer.ok) {
      said.textContent = plain((await answer.json()).detail);
      button.disabled = false;
      return;
    }
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

// Whoever follows "Do it here" finds the acts open.
if (location.hash === "#do") document.querySelector("#do details.only")?.setAttribute("open", "");
