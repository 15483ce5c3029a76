// The code of the link stands behind the # of its address, which no browser sends; and the sample follows what is typed.
(() => {
  "use strict";
  const code = document.querySelector("[name=code]");
  const given = location.hash.slice(1);
  if (code && /^[a-z2-7-]{20,40}$/i.test(given)) {
    code.value = given;
    history.replaceState(null, "", location.pathname + location.search);
  }
  const sample = document.querySelector("[data-sample]");
  const short = document.querySelector("[name=filing_short]");
  if (sample && short) {
    short.addEventListener("input", () => { sample.textContent = short.value; });
  }
})();
