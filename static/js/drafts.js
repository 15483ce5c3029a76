// A form that is filled in outside is kept on this device as it is typed, and sent from here: at once, or when there is a network again.
"use strict";
document.addEventListener("DOMContentLoaded", async () => {
  const form = document.querySelector("[data-draft-form]");
  const { store, offline } = self.xiaohao || {}, photos = form && form.querySelector("[data-photos]") ? self.xiaohao.photos : null;
  if (!form || !offline || photos === undefined) return;
  try { await store.open(); } catch { return; }  // no room for drafts here: the form works as any other
  const OURS = new Set(["csrf_token", "form_id", "kept", "dropped", "more", "is_quiet"]), UNTOLD = ["hidden", "file", "submit", "button"];
  const told = form.querySelector("[data-draft-told]"), words = told.dataset, person = offline.person, page = location.pathname;
  const save = form.querySelector("[data-save-draft]"), idField = form.elements.form_id;
  const offer = form.querySelector("[data-draft-offer]"), past = form.querySelector("[data-sent-told]");
  const HERE = `draft:${page}`, SENT = `sent:${page}`, isAnswer = form.hasAttribute("data-answer");
  const [arrival] = performance.getEntriesByType("navigation");
  let timer, isBusy = false, isTouched = false, isLeaving = false;
  const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OURS.has(name));
  const kept = () => [...form.querySelectorAll("[name=kept]")].map((input) => input.value);
  const titleOf = () => (form.elements.title ? form.elements.title.value.trim() : form.dataset.title);

  // What was typed, under the words of the page: it can be read where the form itself does not open any more. Nobody's name.
  const lineOf = (control) => {
    const label = control.labels[0], isTicked = ["checkbox", "radio"].includes(control.type);
    const group = isTicked && control.closest("fieldset"), word = group ? group.querySelector("legend") : label;
    const said = isTicked ? label.textContent : control.options ? control.selectedOptions[0]?.textContent : control.value;
    return [word.firstChild.textContent.trim(), (said || "").trim()];
  };
  const lines = () => [...form.elements]
    .filter((control) => control.name && !OURS.has(control.name) && !/^(reporter_|kept_role_)/.test(control.name) && !UNTOLD.includes(control.type))
    .filter((control) => control.labels?.length && control.value && (control.checked || !["checkbox", "radio"].includes(control.type)))
    .map(lineOf);

  const keep = async (changes = {}) => {
    clearTimeout(timer);
    const known = await store.draft(idField.value);
    const draft = { ...known, id: idField.value, person, page, to: form.getAttribute("action") || page, fields: fields(), lines: lines(),
      title: titleOf(), kept: kept(), changed: Date.now() };
    try {
      await store.keepDraft({ ...draft, state: "draft", why: null, ...changes });
      sessionStorage.setItem(HERE, draft.id);
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

  const take = async (draft) => {
    offer.hidden = true;
    idField.value = draft.id;
    await store.changeDraft(draft.id, { state: "draft" });  // nobody sends it while it is being written
    for (const photo of await store.photos(draft.id)) photos.add(photo.blob, photo);
    fill(draft.fields);
    sessionStorage.setItem(HERE, draft.id);
    told.textContent = words.restored.replace("{time}", clock(draft.changed));
  };

  // The form starts blank, and offers what was left of it here; a page that comes again, by its link or a reload, goes on with it.
  const begin = async () => {
    const wanted = location.hash.startsWith("#draft=") ? location.hash.slice(7)
      : ["reload", "back_forward"].includes(arrival?.type) && sessionStorage.getItem(HERE);
    const left = (await store.drafts(person)).filter((draft) => ["draft", "waiting", "failed"].includes(draft.state));
    idField.value = xiaohao.newId();  // a kept copy of the page brings an old one along
    const own = left.find((draft) => draft.id === wanted), latest = left.find((draft) => draft.page === page && draft.state !== "waiting");
    if (own) {
      await take(own);
    } else if (latest) {
      offer.querySelector("[data-offer-told]").textContent = offer.dataset.words
        .replace("{time}", clock(latest.changed)).replace("{title}", latest.title || offer.dataset.untitled);
      offer.hidden = false;
      offer.querySelector("[data-take-draft]").addEventListener("click", () => take(latest));
      offer.querySelector("[data-leave-draft]").addEventListener("click", () => { offer.hidden = true; });
    } else if (left.length) {
      const link = Object.assign(document.createElement("a"), { href: words.listTo, textContent: words.list });
      told.append(words.left.replace("{count}", left.length), " ", link);
    }
  };
  const tellPast = () => {
    const sent = JSON.parse(sessionStorage.getItem(SENT) || "null");
    if (!sent || sent.person !== person) return;
    past.querySelector("p").textContent = past.dataset.words.replace("{said}", sent.said);
    past.querySelector("[data-sent-link]").href = sent.address;
    past.hidden = false;
  };

  // Somebody reported it before: photos and text go to that case's own form.
  form.addEventListener("add-to", async ({ detail }) => {
    const text = form.elements.description.value.trim();
    isBusy = true;
    await keep({ page: detail.page, to: detail.page, title: detail.title, fields: [["evidence_role", "before"], ["reason", text]] });
    sessionStorage.removeItem(HERE);
    location.assign(`${detail.page}#draft=${idField.value}`);
  });

  const settle = async (sent) => {
    if (sent && sent.state === "failed" && sent.why.code === "refused") {  // the server's own page says what is wrong, and where
      await store.changeDraft(sent.id, { state: "draft" });
      for (const photo of await store.photos(sent.id)) if (photo.receipt) photos.received(photo.id, photo.receipt);
      HTMLFormElement.prototype.submit.call(form);
      return;
    }
    sessionStorage.removeItem(HERE);
    const isDone = sent && sent.state === "done";
    if (isDone) form.dispatchEvent(new CustomEvent("sent"));
    if (isDone) sessionStorage.setItem(SENT, JSON.stringify({ person, said: sent.said || titleOf(), address: sent.address }));
    location.assign(form.dataset.onward || (isDone ? sent.address : words.listTo));  // who has the next one before their eyes stays here
  };

  const send = async () => {
    told.textContent = words.sending;
    if (photos) await photos.rested();
    if (photos && photos.isRefused()) {
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
  // On to the form of another step, with all that was typed: the draft goes along.
  const leave = async (button) => {
    isBusy = true;
    if (photos) await photos.rested();
    const to = new URL(button.formAction).pathname;
    await keep({ page: to, to });
    sessionStorage.removeItem(HERE);
    isLeaving = true;
    form.requestSubmit(button);
  };
  form.addEventListener("submit", async (event) => {
    if (isLeaving) return;
    event.preventDefault();
    if (isBusy) return;
    if (event.submitter?.hasAttribute("formaction")) {
      await leave(event.submitter);
      return;
    }
    isBusy = true;
    clearTimeout(timer);
    try { await send(); } finally { isBusy = false; }
  });
  save.addEventListener("click", async () => {
    await keep();
    sessionStorage.removeItem(HERE);
    location.assign(words.listTo);
  });

  form.addEventListener("change", ({ target }) => {
    if (target.name !== "dropped" || !target.checked) return;
    target.closest("li").remove();  // a row that the server drew; the file there goes with the next sweep
    removed(target.value);
  });
  if (!isAnswer) await begin();
  if (arrival?.type === "back_forward") tellPast();
  addEventListener("pageshow", ({ persisted }) => { if (persisted) tellPast(); });
  form.dataset.drafts = "on";
  form.dispatchEvent(new Event("drafts-on"));
  save.hidden = false;
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("located", touched);  // a pin or a fix alone is worth keeping
  addEventListener("pagehide", () => { if (isTouched && !isBusy) keep(); });
});
