// The queue by keyboard, and many assignments sent a few at a time, so that one sees how far they are. Without this all still works.
"use strict";
{
  const form = document.querySelector("[data-triage]");
  const rows = () => [...document.querySelectorAll("[data-row]:not(.is-done)")];
  const isTyping = (target) => target.closest("input:not([type=checkbox]), select, textarea");
  const press = (selector) => { const found = document.querySelector(selector); if (found) found.click(); };
  const go = (by) => {
    const all = rows(), here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
    if (next) next.focus();
  };
  const onRow = (selector) => { const row = document.activeElement.closest("[data-row]"); if (row) row.querySelector(selector).click(); };
  const KEYS = form
    ? { j: () => go(1), k: () => go(-1), x: () => onRow("[name=n]"), o: () => onRow("h2 a") }
    : { j: () => press("[data-following]"), k: () => press("[data-before]") };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) { (form || document.querySelector("[data-one]")).requestSubmit(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = KEYS[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });

  if (form) {
    const FEW = 3;
    const say = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), text);
    const told = form.querySelector("[data-told]"), bar = form.querySelector("progress");
    const ticked = () => [...form.querySelectorAll("[name=n]:checked")].map((box) => box.value);
    const all = form.querySelector("[data-all]");
    all.hidden = false;
    all.addEventListener("click", () => {
      const wanted = !ticked().length;
      for (const box of form.querySelectorAll("[name=n]")) box.checked = wanted;
      count();
    });
    const count = () => { const many = ticked().length; form.querySelector("[data-picked-count]").textContent = many ? say(form.dataset.count, { count: many }) : "";
      all.textContent = many ? all.dataset.none : all.dataset.all; };
    form.addEventListener("change", count);
    count();
    const mark = ({ number, ending, said }) => {
      const row = document.getElementById(`c-${number}`);
      const box = row.querySelector("[name=n]"), wrong = row.querySelector("[data-wrong]");
      if (ending !== "done") { wrong.textContent = said; wrong.hidden = false; return; }
      const title = row.querySelector("h2 a").textContent, line = document.createElement("p"), back = document.createElement("a");
      box.checked = false;
      line.className = "mb-0";
      line.textContent = `✓ ${number} ${title} ${said} `;
      back.href = `/cases/${number}/steps/recall`;
      back.textContent = form.dataset.recall;
      line.append(back);
      row.classList.add("is-done");
      row.replaceChildren(line);
    };
    let sent = 0; // each few are a form of their own: a form counts once
    const send = async (numbers) => {
      const data = new FormData(form);
      data.set("form_id", `${form.elements.form_id.value}${sent += 1}`);
      data.delete("n");
      data.delete("row");
      for (const row of form.querySelectorAll("[name=row]")) if (numbers.includes(row.value.split(":")[0])) data.append("row", row.value);
      for (const number of numbers) data.append("n", number);
      try {
        const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
        const found = await answer.json();
        return answer.ok ? found.results : numbers.map((number) => ({ number, ending: "refused", said: found.sentence }));
      } catch {
        return numbers.map((number) => ({ number, ending: "refused", said: form.dataset.failed }));
      }
    };
    form.addEventListener("submit", async (event) => {
      const numbers = ticked();
      if (!numbers.length || (event.submitter && event.submitter.hasAttribute("formaction"))) return;
      event.preventDefault();
      const button = form.querySelector(".btn-action");
      if (button.disabled) return;
      let done = 0;
      button.disabled = true;
      told.hidden = bar.hidden = false;
      bar.max = numbers.length;
      for (let at = 0; at < numbers.length; at += FEW) {
        told.textContent = say(form.dataset.doing, { done: at, count: numbers.length });
        bar.value = at;
        for (const result of await send(numbers.slice(at, at + FEW))) { mark(result); done += result.ending === "done"; }
      }
      bar.hidden = true;
      button.disabled = false;
      const rest = numbers.length - done;
      told.textContent = say(form.dataset.done, { count: numbers.length, done }) + (rest ? say(form.dataset.rest, { rest }) : "");
      form.querySelector("[data-onwards]").hidden = !done;
      count();
      const first = form.querySelector("[data-wrong]:not([hidden])");
      if (first) first.closest("[data-row]").focus();
    });
  }
}
