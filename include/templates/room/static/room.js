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
