// What is on this device, on the page of the drafts and on the desk: each form, how it stands, and what can be done about it.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const list = document.querySelector("[data-drafts]"), template = document.querySelector("[data-draft-row]");
  const empty = document.querySelector("[data-no-drafts]"), section = list && list.closest("[data-unsent]"), room = document.querySelector("[data-room-told]");
  const { store, offline } = self.xiaohao || {};
  if (!list || !offline) return;
  const words = template.dataset;
  const moment = (at) => new Date(at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const amount = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`);

  const reason = (draft) => {
    if (draft.state === "done") return draft.said || draft.number || "";
    if (!draft.why) return "";
    return (draft.state === "failed" && draft.why.sentence) || words[draft.why.code] || "";
  };

  const paint = async (box, photos) => {
    for (const photo of photos) {
      const picture = await createImageBitmap(photo.blob, { resizeWidth: 240, resizeQuality: "medium" }).catch(() => null);
      if (!picture) continue;
      const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
      canvas.getContext("2d").drawImage(picture, 0, 0);
      box.append(canvas);
    }
  };

  const rowOf = async (draft) => {
    const row = template.content.querySelector("li").cloneNode(true), find = (name) => row.querySelector(`[data-${name}]`);
    const photos = await store.photos(draft.id), isOut = Boolean(draft.why && draft.why.code === "session");
    const files = photos.length ? ` · ${words.photos.replace("{count}", photos.length).replace("{received}", photos.filter((p) => p.receipt).length)}` : "";
    row.dataset.id = draft.id;
    row.dataset.is = draft.state;
    find("title").textContent = draft.title || words.untitled;
    find("state").textContent = words[draft.state];
    find("when").textContent = `${moment(draft.changed)}${files}`;
    find("why").textContent = reason(draft);
    find("why").hidden = !find("why").textContent;
    find("open").hidden = ["done", "sending"].includes(draft.state);
    find("open").href = `${draft.page || words.newAt}#draft=${draft.id}`;
    find("again").hidden = !["waiting", "failed"].includes(draft.state);
    find("sign-in").hidden = !isOut;
    find("result").hidden = draft.state !== "done";
    if (draft.address) find("result").href = draft.address;
    find("typed").hidden = draft.state === "done" || !((draft.lines || []).length || photos.length);
    for (const [word, said] of draft.lines || []) {
      const [term, told] = ["dt", "dd"].map((name) => document.createElement(name));
      Object.assign(told, { textContent: said, className: "text" });
      term.textContent = word;
      find("lines").append(term, told);
    }
    find("typed").addEventListener("toggle", () => paint(find("shots"), photos), { once: true });
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
    const mine = ++turn, all = await store.drafts(offline.person);
    const drafts = all.filter((draft) => !section || draft.state !== "done"), rows = await Promise.all(drafts.map(rowOf));
    if (mine !== turn) return;
    list.replaceChildren(...rows);
    if (section) section.hidden = !rows.length;
    else empty.hidden = Boolean(rows.length);
  };

  store.listen(() => show().catch(() => {}));
  await show();
  if (room && navigator.storage && navigator.storage.estimate) {
    const { usage, quota } = await navigator.storage.estimate();
    room.textContent = words && room.dataset.words.replace("{used}", amount(usage)).replace("{free}", amount(quota - usage));
    room.hidden = false;
  }
});
