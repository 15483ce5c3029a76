// The register's tick boxes: how many are picked, and the page at once without loading it again. Without this everything still works.
"use strict";
{
  const form = document.querySelector("[data-bulk]");
  if (form) {
    const boxes = [...document.querySelectorAll("input[name=n]")];
    const told = form.querySelector("[data-picked]");
    const link = form.querySelector("[data-pick]");
    const whole = form.querySelector("input[name=all]");
    const tell = () => {
      const count = boxes.filter((box) => box.checked).length;
      told.hidden = !count || (whole && whole.checked);
      told.textContent = form.dataset.told.replace("{count}", count);
      link.dataset.pick = count === boxes.length ? "none" : "page";
      link.textContent = count === boxes.length ? form.dataset.none : form.dataset.all.replace("{count}", boxes.length);
    };
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const wanted = link.dataset.pick === "page";
      for (const box of boxes) box.checked = wanted;
      tell();
    });
    document.addEventListener("change", tell);
    tell();
  }
}
