// What waits on this device: drafts of forms and their files, in IndexedDB. Works in a page and in the worker alike.
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
  // What names a reporter lies here sealed. The key is of this device and cannot be read out; it goes with the drafts and never before
  // them, whoever signs out. Where the browser has no such keys (no https), the fields stay as they are.
  const KEY = "key", NAMES_SOMEBODY = /^reporter_/;
  const keyHere = async () => {
    const known = await (await base()).get("drafts", KEY);
    if (known) return known.key;
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const work = (await base()).transaction("drafts", "readwrite"), first = await work.store.get(KEY);
    if (!first) await work.store.put({ id: KEY, person: 0, key: fresh });
    await work.done;
    return first ? first.key : fresh;
  };
  const seal = async (draft) => {
    const secret = draft.fields.filter(([name, value]) => NAMES_SOMEBODY.test(name) && value);
    if (!secret.length || !crypto.subtle) return { ...draft, sealed: null };
    const iv = crypto.getRandomValues(new Uint8Array(12)), text = new TextEncoder().encode(JSON.stringify(secret));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyHere(), text);
    return { ...draft, fields: draft.fields.filter((pair) => !secret.includes(pair)), sealed: { iv, data } };
  };
  const unseal = async (draft) => {
    if (!draft || !draft.sealed) return draft;
    const { iv, data } = draft.sealed;
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyHere(), data);
    return { ...draft, fields: [...draft.fields, ...JSON.parse(new TextDecoder().decode(text))], sealed: null };
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
    draft: async (id) => unseal(await (await base()).get("drafts", id)),
    drafts: async (person) => Promise.all((await (await base()).getAll("drafts"))
      .filter((draft) => draft.person === person).sort((a, b) => b.changed - a.changed).map(unseal)),
    keepDraft: async (draft) => { await (await base()).put("drafts", await seal(draft)); tell(); },
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
      if (receipt && known) await drafts.put({ ...known, ...receipt, state: "done", why: null, fields: [], lines: [], sealed: null, changed: Date.now() });
      else await drafts.delete(id);
      for (const key of await photos.index("draft").getAllKeys(id)) await photos.delete(key);
      await work.done;
      tell();
    },
  };
  xiaohao.newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
