// Questions of the ticked problem types only. Without this every type's questions are there, each under its own line.
"use strict";
{
  const box = document.getElementById("asked");
  if (box) {
    const types = [...document.querySelectorAll("input[name=categories]")];
    const parts = [...box.querySelectorAll("details[data-type]")];
    const show = (isFirst) => {
      const ticked = new Set(types.filter((type) => type.checked).map((type) => type.value));
      for (const part of parts) {
        const isAsked = ticked.has(part.dataset.type);
        if (isAsked && part.hidden && !isFirst) part.open = true;
        part.hidden = !isAsked;
        for (const field of part.querySelectorAll("input, select")) field.disabled = !isAsked; // what is not asked is not sent
      }
      box.hidden = !parts.some((part) => !part.hidden);
    };
    for (const type of types) type.addEventListener("change", () => show(false));
    show(true);
  }
}
