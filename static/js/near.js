// Cases that may be the same trouble, asked for while somebody types. It informs; nothing here holds a form back.
"use strict";
{
  const panel = document.querySelector("[data-near]");
  const form = panel && panel.closest("form");
  const NAMES = ["csrf_token", "title", "description", "place", "lat", "lng", "datum"];
  const WAIT = 700;
  if (form) {
    let timer = 0;
    let asked = "";
    let waiting = null;
    const ask = async () => {
      const given = new URLSearchParams(NAMES.map((name) => [name, form.elements[name] ? form.elements[name].value : ""]));
      if ((given.get("title") + given.get("description") + given.get("place")).length < 4 && !given.get("lat")) return;
      if (given.toString() === asked) return;
      asked = given.toString();
      if (waiting) waiting.abort();
      waiting = new AbortController();
      try {
        const answer = await fetch(panel.dataset.near, { method: "POST", body: given, credentials: "same-origin", signal: waiting.signal });
        if (!answer.ok || answer.redirected) return;
        const told = await answer.text();
        form.elements.near_seen.value = "1"; // shown here, so the server need not look again after registering
        panel.innerHTML = told; // a fragment of our own, escaped by its template
        panel.hidden = !told.trim();
      } catch {
        asked = ""; // offline or overtaken: the next key asks again
      }
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    };
    form.addEventListener("input", (event) => { if (NAMES.includes(event.target.name)) soon(); });
    form.addEventListener("located", soon);
    panel.addEventListener("click", (event) => {
      const link = event.target.closest("[data-add-to]");
      if (!link || form.dataset.drafts !== "on") return;
      event.preventDefault(); // what was typed and taken here goes along
      form.dispatchEvent(new CustomEvent("add-to", { detail: { page: new URL(link.href).pathname, title: link.dataset.title } }));
    });
    if (form.elements.title.value || form.elements.lat.value) soon();
  }
}
