// The page in place of one that cannot be had: what is kept for this person is offered, and the page comes as soon as it can.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const offered = [...document.querySelectorAll("[data-if-kept]")], links = offered.filter((each) => each.href);
  const again = document.querySelector("[data-again]"), A_MOMENT = 5000;
  again.addEventListener("click", () => location.reload());  // of a form: the browser sends it again
  if (!links.length) return;
  const look = async () => {
    const answer = document.hidden ? null : await fetch(again.dataset.again, { cache: "no-store" }).catch(() => null);
    if (answer && answer.ok) location.reload();
  };
  addEventListener("online", look);
  setInterval(look, A_MOMENT);
  const found = await Promise.all(links.map((link) => caches.match(new URL(link.href).pathname, { cacheName: "pages", ignoreVary: true })));
  links.forEach((link, at) => { link.hidden = !found[at]; });
  for (const each of offered) if (!each.href) each.hidden = !found[0];
});
