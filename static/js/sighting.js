// On a train: where it is now, by the last two mileages that were tapped on this ride and the time between them. The posts of the
// lines say how long each kilometre is; where none are known each has a thousand metres.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("sighting"), form = box && box.closest("form");
  if (!box) return;
  const LAST = "ride", LONGEST_RIDE = 6 * 3600e3, FASTEST = 350 / 3.6, THOUSAND = 1000;
  const lines = JSON.parse(box.dataset.lines), field = (name) => form.elements[name], live = box.querySelector(".mileage-now");
  const now = box.querySelector("button[data-now]");

  const postsOf = (line) => (lines.find((each) => each.name === line || each.code === line) || (lines.length === 1 && !line ? lines[0] : { posts: [] })).posts;
  const read = (text) => { const found = /^\s*[Kk]?\s*(\d{1,4})\s*\+\s*(\d{1,4})/.exec(text || ""); return found ? [Number(found[1]), Number(found[2])] : null; };
  // Metres along the line, and back.
  const along = (posts, [kilometre, metres]) => {
    const known = posts.filter(([each]) => each <= kilometre).pop() || posts[0] || [0, 0];
    return known[1] + (kilometre - known[0]) * THOUSAND + metres;
  };
  const told = (posts, metre) => {
    const known = posts.filter(([, begins]) => begins <= metre).pop() || posts[0] || [0, 0];
    const next = posts[posts.indexOf(known) + 1], beyond = Math.max(0, Math.round(metre - known[1]));
    const more = next && next[0] === known[0] + 1 ? 0 : Math.floor(beyond / THOUSAND);
    return `K${known[0] + more}+${String(beyond - more * THOUSAND).padStart(3, "0")}`;
  };

  const taps = () => { try { return JSON.parse(localStorage.getItem(LAST) || "[]").filter((tap) => Date.now() - tap.at < LONGEST_RIDE); } catch { return []; } };
  const guess = () => {
    const known = taps(), last = known[known.length - 1], before = known[known.length - 2];
    if (!last) return null;
    const posts = postsOf(last.line), seconds = (Date.now() - last.at) / 1000;
    let speed = 0;
    if (before && before.line === last.line && last.at > before.at) speed = (last.metre - before.metre) / ((last.at - before.at) / 1000);
    if (Math.abs(speed) > FASTEST) speed = 0;
    return { line: last.line, side: last.side, mileage: told(posts, Math.max(0, last.metre + speed * seconds)) };
  };
  const keep = () => {
    const mileage = read(field("mileage").value), line = field("line").value.trim();
    if (!mileage) return;
    const tap = { at: Date.now(), line, side: field("side").value, metre: along(postsOf(line), mileage) };
    localStorage.setItem(LAST, JSON.stringify([...taps(), tap].slice(-2)));
  };
  const draw = () => {
    const found = guess();
    live.hidden = !found && !field("mileage").value;
    now.hidden = !found;
    if (found) now.textContent = box.dataset.now.replace("{mileage}", found.mileage);
  };

  now.addEventListener("click", () => {
    const found = guess();
    if (!found) return;
    field("line").value = found.line;
    field("mileage").value = found.mileage;
    if (!field("side").value) field("side").value = found.side || "";
    keep();
    field("mileage").dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const button of box.querySelectorAll("[data-shift]")) button.addEventListener("click", () => {
    const mileage = read(field("mileage").value), posts = postsOf(field("line").value.trim());
    if (!mileage) return;
    field("mileage").value = told(posts, Math.max(0, along(posts, mileage) + Number(button.dataset.shift)));
    keep();
    field("mileage").dispatchEvent(new Event("input", { bubbles: true }));
  });
  field("mileage").addEventListener("change", () => { keep(); draw(); });
  // In a train there is time for a mileage, a type and one more tap: the rest of the form steps aside until somebody is on foot again.
  const ways = form.querySelector("[data-ways]"), RIDING = "riding", place = box.nextSibling, parent = box.parentNode, before = {};
  const kinds = form.querySelector("[data-kinds]"), foot = kinds.previousElementSibling;
  const ride = (on) => {
    for (const each of ways.querySelectorAll("[data-way]")) each.setAttribute("aria-pressed", String((each.dataset.way === "ride") === on));
    for (const each of form.querySelectorAll("[data-on-foot]")) each.hidden = on;
    if (on) ways.after(box, kinds); else { foot.parentNode.insertBefore(kinds, foot.nextSibling); parent.insertBefore(box, place); }
    for (const [name, value] of [["source", box.dataset.rideSource], ["channel", "train"], ["no_photo", "train"]]) {
      if (on && field(name).value !== value) before[name] = field(name).value;
      if (on) field(name).value = value; else if (name in before) field(name).value = before[name];
    }
    form.classList.toggle("is-riding", on);
    form.dataset.onward = on ? location.pathname : "";
    if (on) box.open = true;
    if (on && !field("line").value && lines.length === 1) field("line").value = lines[0].name;
    localStorage.setItem(RIDING, on ? String(Date.now()) : "");
  };
  if (ways) {
    ways.hidden = false;
    for (const each of ways.querySelectorAll("[data-way]")) each.addEventListener("click", () => { ride(each.dataset.way === "ride"); draw(); });
    const begun = Number(localStorage.getItem(RIDING)), last = sessionStorage.getItem("ride-last");
    if (begun && Date.now() - begun < LONGEST_RIDE && !location.hash && !form.hasAttribute("data-answer")) ride(true);
    const told = box.querySelector("[data-ride-told]");
    if (last && form.classList.contains("is-riding")) { told.textContent = told.dataset.rideTold.replace("{mileage}", last); told.hidden = false; }
    sessionStorage.removeItem("ride-last");
    form.addEventListener("submit", () => { if (form.dataset.onward) sessionStorage.setItem("ride-last", field("mileage").value || field("train_no").value); });
  }
  const open = () => { if (field("channel").value === "train") box.open = true; };
  field("channel").addEventListener("change", open);
  form.addEventListener("filled", () => { open(); draw(); });
  open();
  draw();
  setInterval(draw, 5000);
});
