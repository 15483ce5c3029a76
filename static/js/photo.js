// Arrow keys turn the page, Escape leads back; turning is no step of the history, so that Back leads to the case.
(() => {
  "use strict";
  const go = (selector) => {
    const link = document.querySelector(selector);
    if (link) location.replace(link.href);
  };
  const KEYS = { ArrowLeft: "[rel=prev]", ArrowRight: "[rel=next]" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=search]")) return;
    if (KEYS[event.key]) go(KEYS[event.key]);
    if (event.key === "Escape") document.querySelector("#back")?.click();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[rel=prev], [rel=next]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.replace(link.href);
  });
})();
