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
      told.textContent = `已选 ${count} 件`;
      link.dataset.pick = count === boxes.length ? "none" : "page";
      link.textContent = count === boxes.length ? "全不选" : `选中本页 ${boxes.length} 件`;
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
