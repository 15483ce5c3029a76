// Logging in few taps: when it was begun, the title that would be proposed, and the last place once more.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-log]");
  if (!form || !self.xiaohao || !xiaohao.offline) return;
  const REPEATED = ["place", "area_code", "source", "channel", "categories", "lat", "lng", "datum"], LAST = `last:${xiaohao.offline.person}`;
  const field = (name) => form.elements[name], box = form.querySelector("[data-repeat]");

  const begun = () => { if (!field("found_at").value) field("found_at").value = new Date().toISOString(); };
  form.addEventListener("input", begun);
  form.addEventListener("photo-added", begun);

  // No photo of what was found on the way: the reason is asked for here, before it waits for a network.
  form.addEventListener("submit", (event) => {
    const asked = form.dataset.asksPhoto.split(" ").includes(field("source").value);
    if (!asked || field("no_photo").value || form.querySelector("[data-photo], [name=kept]") || [...form.querySelectorAll("input[type=file]")].some((each) => each.files.length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field("no_photo").closest("details").open = true;
    field("no_photo").focus();
    form.querySelector("[data-no-photo]").hidden = false;
  }, true);

  const types = () => [...form.querySelectorAll("[name=categories]:checked")].map((each) => each.labels[0].textContent.trim());
  const entitle = () => {
    const place = field("place").value.trim(), kinds = types();
    field("title").placeholder = place && kinds.length ? form.dataset.title.replace("{place}", place).replace("{types}", kinds.join(form.dataset.between)) : "";
  };
  for (const what of ["input", "change", "filled"]) form.addEventListener(what, entitle);
  entitle();

  form.addEventListener("sent", () => {
    const fields = [...new FormData(form)].filter(([name, value]) => REPEATED.includes(name) && value);
    localStorage.setItem(LAST, JSON.stringify(fields));
  });
  const last = JSON.parse(localStorage.getItem(LAST) || "[]"), place = last.find(([name]) => name === "place");
  if (!place) return;
  box.querySelector("[data-last]").textContent = place[1];
  form.addEventListener("drafts-on", () => { box.hidden = Boolean(field("place").value); });
  box.querySelector("[data-take-last]").addEventListener("click", () => {
    for (const [name, value] of last) {
      if (name !== "categories") field(name).value = value;
      else for (const each of form.querySelectorAll("[name=categories]")) if (each.value === value) each.checked = true;
    }
    if (field("lat").value) field("located_by").value = "pin";
    for (const each of form.querySelectorAll("[name=categories]:checked")) each.dispatchEvent(new Event("change", { bubbles: true }));
    form.dispatchEvent(new Event("filled"));
    form.dispatchEvent(new Event("located"));
    box.hidden = true;
  });
});
