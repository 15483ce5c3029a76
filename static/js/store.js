// What waits on this device: drafts of cases and their files, in IndexedDB. Works in a page and in the worker alike.
"use strict";
{
  const OPEN = { upgrade(base) {
    base.createObjectStore("drafts", { keyPath: "id" });
    base.createObjectStore("photos", { keyPath: "id" }).createIndex("draft", "draft");
  } };
  let opened;
  const base = () => {
    opened = opened || idb.openDB("xiaohao", 1, OPEN).catch((error) => { opened = undefined; throw error; });
    return opened;
  };
  const news = "BroadcastChannel" in self ? new BroadcastChannel("xiaohao") : null;
  const heard = new Set();
  const tell = () => {
    if (news) news.postMessage("changed");
    for (const hear of heard) hear();
  };
  if (news) news.onmessage = () => { for (const hear of heard) hear(); };

  const changed = async (store, id, changes) => {
    const work = (await base()).transaction(store, "readwrite");
    const known = await work.store.get(id);
    const now = known && { ...known, ...changes };
    if (now) await work.store.put(now);
    await work.done;
    tell();
    return now;
  };

  self.xiaohao = self.xiaohao || {};
  xiaohao.store = {
    listen: (hear) => heard.add(hear),
    open: base,
    draft: async (id) => (await base()).get("drafts", id),
    drafts: async (person) => (await (await base()).getAll("drafts"))
      .filter((draft) => draft.person === person).sort((a, b) => b.changed - a.changed),
    keepDraft: async (draft) => { await (await base()).put("drafts", draft); tell(); },
    changeDraft: (id, changes) => changed("drafts", id, changes),
    photos: async (draft) => (await (await base()).getAllFromIndex("photos", "draft", draft)).sort((a, b) => a.at - b.at),
    keepPhoto: async (photo) => { await (await base()).put("photos", photo); tell(); },
    changePhoto: (id, changes) => changed("photos", id, changes),
    removePhoto: async (id) => { await (await base()).delete("photos", id); tell(); },
    // Files go, and with a receipt the text too, in the one transaction that keeps the receipt; without one the draft goes whole.
    settle: async (id, receipt) => {
      const work = (await base()).transaction(["drafts", "photos"], "readwrite");
      const drafts = work.objectStore("drafts"), photos = work.objectStore("photos");
      const known = await drafts.get(id);
      if (receipt && known) await drafts.put({ ...known, ...receipt, state: "done", why: null, fields: [], changed: Date.now() });
      else await drafts.delete(id);
      for (const key of await photos.index("draft").getAllKeys(id)) await photos.delete(key);
      await work.done;
      tell();
    },
  };
  xiaohao.newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
