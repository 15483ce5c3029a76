// The worker: pages of forms that are filled in outside, and of the drafts, open without a network once they were seen, every other one says that there is none, and what waits
// is sent when there is one again. The server puts KNOWN before this: the addresses of everything that may be kept. Nothing else
// personal is ever kept.
"use strict";
importScripts(...KNOWN.scripts);
const SHELL = `shell-${KNOWN.shell.join().split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)}`;
const PAGES = "pages", MOST_FORMS = 30, FORMS = new RegExp(KNOWN.forms);

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

const kept = (address, cacheName) => caches.match(address, { cacheName, ignoreVary: true });

const thin = async (cache) => {
  const forms = (await cache.keys()).filter((request) => !KNOWN.pages.includes(new URL(request.url).pathname));
  for (const oldest of forms.slice(0, -MOST_FORMS)) await cache.delete(oldest);
};

const pageOf = async (request) => {
  const path = new URL(request.url).pathname;
  try {
    const page = await fetch(request);
    if (page.ok && !page.redirected) {
      const copy = page.clone();
      await caches.open(PAGES).then((cache) => cache.put(path, copy).then(() => thin(cache))).catch(() => {});  // a full device still shows the page
    }
    return page;
  } catch (error) {
    return await kept(path, PAGES) || sayOffline(request);
  }
};

// In place of the browser's own error: where the kept pages are, or that what was typed did not go out.
const sayOffline = async (request) => await kept(request.method === "GET" ? KNOWN.offline : KNOWN.unsent, SHELL) || Response.error();

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && KNOWN.doors.includes(address.pathname)) event.waitUntil(caches.delete(PAGES));
  const is = `${address.pathname}${address.search}`, isRead = request.method === "GET";
  if (isRead && KNOWN.shell.includes(is)) event.respondWith(kept(is, SHELL).then((file) => file || fetch(request)));
  else if (request.mode !== "navigate") return;
  else if (isRead && (KNOWN.pages.includes(is) || FORMS.test(address.pathname))) event.respondWith(pageOf(request));
  else event.respondWith(fetch(request).catch(() => sayOffline(request)));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(xiaohao.queue.run(KNOWN.addresses));
});
