// A new case is kept on this device as it is typed, and sent from here: at once, or when there is a network again.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const form = document.querySelector("[data-draft-form]");
  const { store, offline, photos } = self.xiaohao || {};
  if (!form || !offline || !photos) return;
  try { await store.open(); } catch { return; }  // no room for drafts here: the form works as any other
  const OURS = new Set(["csrf_token", "form_id", "kept", "dropped", "more", "is_quiet"]);
  const told = form.querySelector("[data-draft-told]"), words = told.dataset, person = offline.person;
  const save = form.querySelector("[data-save-draft]"), idField = form.elements.form_id;
  const isAnswer = form.hasAttribute("data-answer");
  let timer, isBusy = false, isTouched = false;
  const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OURS.has(name) && !name.startsWith("kept_role_"));

  const kept = () => [...form.querySelectorAll("[name=kept]")].map((input) => input.value);

  const keep = async (changes = {}) => {
    clearTimeout(timer);
    const known = await store.draft(idField.value);
    const draft = { ...known, id: idField.value, person, fields: fields(), title: form.elements.title.value.trim(), kept: kept(), changed: Date.now() };
    try {
      await store.keepDraft({ ...draft, state: "draft", why: null, ...changes });
      sessionStorage.setItem("draft", draft.id);
      told.textContent = words.saved.replace("{time}", clock(draft.changed));
    } catch {
      told.textContent = words.full;
    }
  };
  const touched = () => {
    if (isBusy) return;
    isTouched = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  };

  const fill = (pairs) => {
    form.toggleAttribute("data-filling", true);  // what answers a person's change leaves this one alone
    for (const control of form.elements) {
      if (!control.name || OURS.has(control.name) || ["file", "submit", "button"].includes(control.type)) continue;
      const given = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(control.type)) control.checked = given.includes(control.value);
      else if (given.length) control.value = given[0];
      else continue;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
    form.toggleAttribute("data-filling", false);
    form.dispatchEvent(new Event("filled"));
  };

  const restore = async () => {
    const wanted = location.hash.startsWith("#draft=") ? location.hash.slice(7) : sessionStorage.getItem("draft");
    const draft = wanted && await store.draft(wanted);
    if (draft && draft.person === person && ["draft", "waiting", "failed"].includes(draft.state)) {
      idField.value = draft.id;
      await store.changeDraft(draft.id, { state: "draft" });  // nobody sends it while it is being written
      fill(draft.fields);
      for (const photo of await store.photos(draft.id)) photos.add(photo.blob, photo);
      told.textContent = words.restored.replace("{time}", clock(draft.changed));
    } else if (await store.draft(idField.value)) {
      idField.value = xiaohao.newId();  // a kept copy of the page brings its old id along
    }
  };

  const settle = async (sent) => {
    if (sent && sent.state === "failed" && sent.why.code === "refused") {  // the server's own page says what is wrong, and where
      await store.changeDraft(sent.id, { state: "draft" });
      for (const photo of await store.photos(sent.id)) if (photo.receipt) photos.received(photo.id, photo.receipt);
      HTMLFormElement.prototype.submit.call(form);
      return;
    }
    sessionStorage.removeItem("draft");
    location.assign(sent && sent.state === "done" ? sent.address : words.listTo);
  };

  const send = async () => {
    told.textContent = words.sending;
    await photos.rested();
    if (photos.isRefused()) {
      told.textContent = "";
      photos.complain();
      return;
    }
    await offline.keepPersisted().catch(() => {});
    await keep({ state: "waiting", isWatched: true });
    told.textContent = words.sending;
    const sent = await offline.run(idField.value);
    await store.changeDraft(idField.value, { isWatched: false });
    await settle(sent);
  };

  form.addEventListener("photo-added", async ({ detail }) => {
    try {
      await store.keepPhoto({ id: detail.id, draft: idField.value, name: detail.name, blob: detail.file, at: Date.now(), receipt: null });
    } catch {
      told.textContent = words.full;
      return;
    }
    await keep();
  });
  form.addEventListener("photo-received", ({ detail }) => store.changePhoto(detail.id, { receipt: detail.receipt }));
  const removed = async (id) => {
    await store.removePhoto(id);
    await keep();
  };
  form.addEventListener("photo-removed", ({ detail }) => removed(detail.id));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    clearTimeout(timer);
    try { await send(); } finally { isBusy = false; }
  });
  save.addEventListener("click", async () => {
    await keep();
    sessionStorage.removeItem("draft");
    location.assign(words.listTo);
  });

  form.addEventListener("change", ({ target }) => {
    if (target.name !== "dropped" || !target.checked) return;
    target.closest("li").remove();  // a row that the server drew; the file there goes with the next sweep
    removed(target.value);
  });
  if (!isAnswer) await restore();
  form.dataset.drafts = "on";
  save.hidden = false;
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("located", touched);  // a pin or a fix alone is worth keeping
  addEventListener("pagehide", () => { if (isTouched && !isBusy) keep(); });
  const left = (await store.drafts(person)).filter((draft) => draft.id !== idField.value && draft.state !== "done");
  if (left.length && !told.textContent) {
    const link = Object.assign(document.createElement("a"), { href: words.listTo, textContent: words.list });
    told.append(words.left.replace("{count}", left.length), " ", link);
  }
});
