// The worker: pages of the form and of the drafts open without a network, and what waits is sent when there is one again.
// The server puts KNOWN before this: the addresses of everything that may be kept. Nothing else personal is ever kept.
"use strict";
importScripts(...KNOWN.scripts);
const SHELL = `shell-${KNOWN.shell.join().split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)}`;
const PAGES = "pages";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(KNOWN.shell)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const drop = async () => {
    for (const name of await caches.keys()) if (name !== SHELL && name !== PAGES) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(drop());
});

const pageOf = async (request) => {
  const path = new URL(request.url).pathname;
  try {
    const page = await fetch(request);
    if (page.ok && !page.redirected) {
      const copy = page.clone();
      await caches.open(PAGES).then((cache) => cache.put(path, copy)).catch(() => {});  // a full device still shows the page
    }
    return page;
  } catch (error) {
    const kept = await caches.match(path, { cacheName: PAGES, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && KNOWN.doors.includes(address.pathname)) event.waitUntil(caches.delete(PAGES));
  if (request.method !== "GET") return;
  const is = `${address.pathname}${address.search}`;
  if (KNOWN.shell.includes(is)) event.respondWith(caches.match(is, { ignoreVary: true }).then((kept) => kept || fetch(request)));
  else if (request.mode === "navigate" && KNOWN.pages.includes(is)) event.respondWith(pageOf(request));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(xiaohao.queue.run(KNOWN.addresses));
});
