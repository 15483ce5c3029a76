// Sends what waits: every file under its own id, then the form under its own, so that sending twice changes nothing.
// Nothing leaves the device before the server said where it led. Works in a page and in the worker alike.
"use strict";
{
  const { store } = xiaohao;

  const ask = async (address, body, token) => {
    const headers = { Accept: "application/json", ...(token ? { "X-CSRFToken": token } : {}) };
    try {
      const response = await fetch(address, { method: body ? "POST" : "GET", body, headers, cache: "no-store" });
      return { status: response.status, said: await response.json().catch(() => ({})) };
    } catch {
      return { status: 0, said: {} };
    }
  };

  // What an answer that is no receipt means: what waits is tried again by itself, what failed needs a person.
  const verdict = (status, said) => {
    if (status === 0) return { state: "waiting", why: { code: "offline" } };
    if (status === 401 || said.code === "stale_token") return { state: "waiting", why: { code: "session" } };
    if (status === 429 || status >= 500 || status < 400 || said.code === "collision") return { state: "waiting", why: { code: "server" } };
    return { state: "failed", why: { code: status === 413 ? "tooBig" : "refused", sentence: said.sentence || "", about: said.code || "" } };
  };

  const sendPhotos = async (id, to, token) => {
    for (const photo of await store.photos(id)) {
      if (photo.receipt) continue;
      const body = new FormData();
      body.append("client_id", photo.id);
      body.append("file", photo.blob, photo.name);
      const { status, said } = await ask(to, body, token);
      if (status !== 201 || said.id !== photo.id) return verdict(status, said);
      await store.changePhoto(photo.id, { receipt: said });
    }
    return null;
  };

  const post = async (draft, to, token) => {
    const body = new FormData();
    for (const [name, value] of draft.fields) body.append(name, value);
    body.append("form_id", draft.id);
    if (!draft.isWatched) body.append("is_quiet", "1");
    const files = (await store.photos(draft.id)).map((photo) => photo.id);
    for (const id of new Set([...files, ...(draft.kept || [])])) body.append("kept", id);
    const { status, said } = await ask(to, body, token);
    if (status !== 201 || !said.address) return verdict(status, said);
    await store.settle(draft.id, { said: (said.said || [])[0] || "", address: said.address });
    return null;
  };

  const send = async (draft, addresses, token) => {
    await store.changeDraft(draft.id, { state: "sending", why: null });
    let trouble = null;
    for (const attempt of [1, 2]) {
      trouble = await sendPhotos(draft.id, addresses.uploads, token) || await post(draft, draft.to || addresses.cases, token);
      if (attempt === 2 || !trouble || trouble.why.about !== "no_upload") break;
      for (const photo of await store.photos(draft.id)) await store.changePhoto(photo.id, { receipt: null });  // swept meanwhile
    }
    if (trouble) await store.changeDraft(draft.id, trouble);
  };

  // `person` is whose page it is; the worker, which has none, sends for whoever is signed in.
  const work = async (addresses, person, only) => {
    const { status, said } = await ask(addresses.session);
    const mine = (await store.drafts(person || said.person)).filter((draft) => ["waiting", "sending"].includes(draft.state));
    const wanted = only ? mine.filter((draft) => draft.id === only) : mine.reverse();
    const is = status === 200 && said.token ? null : verdict(status, said);
    const trouble = is || (person && said.person !== person ? { state: "waiting", why: { code: "other" } } : null);
    for (const draft of wanted) {
      if (trouble) await store.changeDraft(draft.id, { ...trouble, state: "waiting" });
      else await send(draft, addresses, said.token);
    }
  };

  xiaohao.queue = {
    // One at a time on this device, whatever pages and workers are open.
    run: async (addresses, person, only) => {
      const go = () => work(addresses, person, only);
      await (navigator.locks ? navigator.locks.request("xiaohao-queue", go) : go());
      return only ? store.draft(only) : null;
    },
    verdict,
  };
}
