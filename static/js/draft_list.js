// The page of the drafts: what is on this device, how it stands, and what can be done about it.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const list = document.querySelector("[data-drafts]"), template = document.querySelector("[data-draft-row]");
  const empty = document.querySelector("[data-no-drafts]"), room = document.querySelector("[data-room-told]");
  const { store, offline } = self.xiaohao || {};
  if (!list || !offline) return;
  const words = template.dataset;
  const moment = (at) => new Date(at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const amount = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`);

  const reason = (draft) => {
    if (!draft.why) return "";
    return (draft.state === "failed" && draft.why.sentence) || words[draft.why.code] || "";
  };

  const rowOf = async (draft) => {
    const row = template.content.querySelector("li").cloneNode(true), find = (name) => row.querySelector(`[data-${name}]`);
    const photos = await store.photos(draft.id), isOut = Boolean(draft.why && draft.why.code === "session");
    const files = photos.length ? ` · ${words.photos.replace("{count}", photos.length).replace("{received}", photos.filter((p) => p.receipt).length)}` : "";
    row.dataset.id = draft.id;
    row.dataset.is = draft.state;
    find("title").textContent = draft.title || words.untitled;
    find("state").textContent = `${words[draft.state]}${draft.number ? ` ${draft.number}` : ""}`;
    find("when").textContent = `${moment(draft.changed)}${files}`;
    find("why").textContent = reason(draft);
    find("why").hidden = !find("why").textContent;
    find("open").hidden = ["done", "sending"].includes(draft.state);
    find("open").href += `#draft=${draft.id}`;
    find("again").hidden = !["waiting", "failed"].includes(draft.state);
    find("sign-in").hidden = !isOut;
    find("case").hidden = draft.state !== "done";
    if (draft.address) find("case").href = draft.address;
    find("delete").hidden = draft.state === "sending";
    find("again").addEventListener("click", async () => {
      await store.changeDraft(draft.id, { state: "waiting" });
      await offline.run(draft.id);
    });
    find("delete").addEventListener("click", () => {
      if (draft.state === "done" || confirm(words.sure)) store.settle(draft.id, null);
    });
    return row;
  };

  let turn = 0;
  const show = async () => {
    const mine = ++turn, drafts = await store.drafts(offline.person), rows = await Promise.all(drafts.map(rowOf));
    if (mine !== turn) return;
    list.replaceChildren(...rows);
    empty.hidden = Boolean(rows.length);
  };

  store.listen(() => show().catch(() => {}));
  await show();
  if (navigator.storage && navigator.storage.estimate) {
    const { usage, quota } = await navigator.storage.estimate();
    room.textContent = words && room.dataset.words.replace("{used}", amount(usage)).replace("{free}", amount(quota - usage));
    room.hidden = false;
  }
});
