// The quiet bar: no network, and what waits on this device. Brings up the worker, and sends when there is a way.
"use strict";
{
  const bar = document.querySelector("[data-offline-bar]");
  const A_MINUTE = 60000;
  if (bar && "indexedDB" in self) {
    const { store, queue } = xiaohao;
    const words = bar.dataset, person = Number(words.person);
    const addresses = { session: words.sessionTo, uploads: words.uploadsTo, cases: words.casesTo };
    const told = bar.querySelector("[data-offline-told]"), signIn = bar.querySelector("[data-sign-in]");
    let unsent = 0;

    const show = async () => {
      const mine = await store.drafts(person);
      const waiting = mine.filter((draft) => ["waiting", "sending"].includes(draft.state));
      const others = mine.filter((draft) => draft.state === "draft" && draft.page !== location.pathname);
      const stuck = mine.filter((draft) => draft.state === "failed");
      const isOut = waiting.some((draft) => draft.why && draft.why.code === "session");
      const parts = [
        navigator.onLine ? "" : words.off, waiting.length ? words.waits.replace("{count}", waiting.length) : "",
        others.length ? words.begun.replace("{count}", others.length) : "", stuck.length ? words.stuck.replace("{count}", stuck.length) : "", isOut ? words.session : "",
      ].filter(Boolean);
      told.textContent = parts.join(" · ");
      unsent = mine.filter((draft) => draft.state !== "done").length;
      signIn.hidden = !isOut;
      bar.hidden = !parts.length;
      return waiting.length;
    };

    const run = async (only) => {
      const sent = await queue.run(addresses, person, only);
      const left = await show();
      if (left && "serviceWorker" in navigator) {
        const worker = await navigator.serviceWorker.getRegistration();
        if (worker && worker.active && worker.sync) worker.sync.register("send").catch(() => {});
      }
      return sent;
    };
    const tryAll = async () => { if (await show() && navigator.onLine) await run(); };

    // The copies of the pages that open without a network, this one among them where it is a form for outside; only a page of this person's own session is kept.
    const keepPages = async () => {
      if (localStorage.getItem("person") !== words.person) await caches.delete("pages");
      localStorage.setItem("person", words.person);
      for (const address of [...words.pages.split(" "), ...(document.querySelector("[data-draft-form]") ? [location.pathname] : [])]) {
        if (await caches.match(address, { ignoreVary: true })) continue;
        const page = await fetch(address).catch(() => null);
        if (page && page.ok && !page.redirected) await (await caches.open("pages")).put(address, page);
      }
    };
    const keepPersisted = async () => {
      if (!navigator.storage || !navigator.storage.persist || localStorage.getItem("persist")) return;
      localStorage.setItem("persist", "asked");
      await navigator.storage.persist();
    };

    xiaohao.offline = { person, run, show, keepPersisted };
    store.listen(() => show().catch(() => {}));
    addEventListener("online", () => tryAll().catch(() => {}));
    document.querySelector("[data-sign-out]").addEventListener("submit", (event) => {
      if (unsent && !confirm(words.leaving.replace("{count}", unsent))) event.preventDefault();
    });
    addEventListener("offline", () => show().catch(() => {}));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) tryAll().catch(() => {}); });
    setInterval(() => tryAll().catch(() => {}), A_MINUTE);
    tryAll().catch(() => {});
    if ("serviceWorker" in navigator && "caches" in self) {
      navigator.serviceWorker.register(words.worker, { scope: "/" }).then(keepPages).catch(() => {});
    }
  }
}
