// Each chosen file goes up at once, by itself, under an id made here, and shows how far it is. Without this, three plain inputs.
"use strict";
{
  const box = document.querySelector("[data-photos]");
  const AT_ONCE = 2, AS_LONG = 180000;
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (box) {
    const form = box.closest("form"), list = box.querySelector("[data-photo-rows]"), slots = box.querySelector("[data-photo-slots]");
    const template = box.querySelector("[data-photo-row]"), trouble = box.querySelector("[data-photo-trouble]");
    const words = template.dataset, token = form.elements.csrf_token, items = new Map();
    const input = slots.querySelector("input[type=file]");
    let resting = [], isHeld = false;

    const size = (bytes) => (bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${bytes && Math.max(Math.floor(bytes / 1024), 1)} KB`);
    const say = (name, detail) => form.dispatchEvent(new CustomEvent(name, { detail }));
    const inState = (...states) => [...items.values()].filter((item) => states.includes(item.state));
    const isOnDraft = () => Boolean(form.dataset.drafts);

    const isFinal = (item) => ["tooBig", "refused"].includes(item.code);

    const paint = async (item) => {
      const canvas = item.row.querySelector("canvas");
      try {
        const picture = await createImageBitmap(item.file, { resizeWidth: 192, resizeQuality: "medium" });
        const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
        const [wide, high] = [picture.width * scale, picture.height * scale];
        canvas.getContext("2d").drawImage(picture, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
        picture.close();
      } catch {
        canvas.classList.add("photo-none");  // a paper, or a picture that this browser cannot show: its name is enough
      }
    };

    const mark = (item, state, text, share = 0) => {
      item.state = state;
      item.row.dataset.is = state;
      const shown = item.row.querySelector("[data-state]"), bar = item.row.querySelector("progress");
      shown.textContent = text;
      shown.className = `photo-state${state === "done" ? " photo-done" : ""}${state === "failed" ? " photo-bad" : ""}`;
      bar.hidden = !["queued", "running"].includes(state);
      bar.value = share;
      item.row.querySelector("[data-again]").hidden = state !== "failed" || isFinal(item);  // the same file would be refused again
      if (!inState("failed").length) trouble.hidden = true;
    };

    const received = (item, receipt) => {
      if (!item.row.querySelector("[name=kept]")) {
        const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: item.id });
        item.row.append(kept);
      }
      mark(item, "done", `${words.received} ${receipt.received_words || ""}`);
      say("photo-received", { id: item.id, receipt });
    };

    const refused = (item, status, said) => {
      const isOut = status === 401 || said.code === "stale_token";
      item.code = status === 0 ? "offline" : isOut ? "session" : status === 429 || status >= 500 || status < 400 ? "server" : status === 413 ? "tooBig" : "refused";
      const isLater = ["offline", "session", "server"].includes(item.code);
      item.row.toggleAttribute("data-later", isLater && isOnDraft());
      const sentence = said.sentence && !isLater ? said.sentence : words[item.code];
      mark(item, "failed", isLater && isOnDraft() ? `${words[item.code]} · ${words.waiting}` : sentence);
    };

    const send = (item) => {
      const ask = new XMLHttpRequest(), body = new FormData();
      body.append("client_id", item.id);
      body.append("file", item.file, item.name);
      ask.open("POST", box.dataset.to);
      ask.setRequestHeader("Accept", "application/json");
      ask.setRequestHeader("X-CSRFToken", token.value);
      ask.timeout = AS_LONG;
      ask.upload.onprogress = (event) => {
        const share = event.lengthComputable ? Math.floor(event.loaded * 100 / event.total) : 0;
        if (item.state === "running") mark(item, "running", `${words.sending} ${share}%`, share);
      };
      ask.onloadend = () => {
        if (item.state !== "running") return;
        let said = {};
        try { said = JSON.parse(ask.responseText); } catch { /* a page of something between us and the server */ }
        if (ask.status === 201 && said.id === item.id) received(item, said);
        else refused(item, ask.status, said);
        pump();
      };
      item.ask = ask;
      mark(item, "running", `${words.sending} 0%`);
      ask.send(body);
    };

    const pump = () => {
      for (const item of inState("queued")) if (inState("running").length < AT_ONCE) send(item);
      if (!inState("queued", "running").length) resting.splice(0).forEach((rested) => rested());
    };

    const renewed = async () => {
      const answer = await fetch(box.dataset.session, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
      const said = answer && answer.ok ? await answer.json().catch(() => ({})) : {};
      if (said.token && String(said.person) === box.dataset.person) token.value = said.token;
    };

    const again = async (item) => {
      if (item.code === "session") await renewed();
      mark(item, "queued", words.sending);
      pump();
    };

    const remove = (item) => {
      const wasDone = item.state === "done";
      item.state = "gone";
      if (item.ask) item.ask.abort();
      items.delete(item.id);
      item.row.remove();
      if (wasDone) fetch(`${box.dataset.to}/${item.id}/drop`, { method: "POST", headers: { "X-CSRFToken": token.value } }).catch(() => {});
      if (!inState("failed").length) trouble.hidden = true;
      say("photo-removed", { id: item.id });
      input.focus();
      pump();
    };

    const add = (file, known = {}) => {
      const row = template.content.querySelector("li").cloneNode(true);
      const item = { id: known.id || newId(), file, name: known.name || file.name || "photo.jpg", row, state: "queued", code: "" };
      row.dataset.photo = item.id;
      row.querySelector("[data-name]").textContent = item.name;
      row.querySelector("[data-named]").textContent = ` ${item.name}`;
      row.querySelector("[data-size]").textContent = size(file.size);
      const role = row.querySelector("[data-role]");
      if (role) {
        Object.assign(role, { id: `role-${item.id}`, name: `kept_role_${item.id}` });
        role.closest("label").htmlFor = role.id;
      }
      row.querySelector("[data-again]").addEventListener("click", () => again(item));
      row.querySelector("[data-remove]").addEventListener("click", () => remove(item));
      items.set(item.id, item);
      list.append(row);
      paint(item);
      if (known.receipt) received(item, known.receipt);
      else mark(item, "queued", words.sending);
      if (!known.id) say("photo-added", { id: item.id, name: item.name, file });
      pump();
    };

    const complain = () => {
      trouble.textContent = words.remains.replace("{count}", inState("failed").length);
      trouble.hidden = false;
      trouble.scrollIntoView({ block: "center" });
    };

    const camera = template.content.querySelector("[data-camera]").cloneNode(true), label = form.querySelector(`label[for="${input.id}"]`);
    input.multiple = true;
    input.classList.add("sr");
    label.textContent = words.many;
    label.classList.add("btn", "btn-quiet", "photo-pick");
    slots.prepend(camera);
    for (const slot of [...slots.children].filter((each) => each !== camera && !each.contains(input))) slot.remove();
    slots.querySelectorAll("select").forEach((role) => role.parentElement.remove());
    input.closest(".slot").classList.add("slot-one");
    for (const chosen of [input, camera.querySelector("input")]) {
      chosen.addEventListener("change", () => {
        for (const file of chosen.files) add(file);
        chosen.value = "";
      });
    }
    addEventListener("online", () => inState("failed").filter((item) => item.code === "offline").forEach(again));

    self.xiaohao = self.xiaohao || {};
    xiaohao.photos = {
      add, complain, received: (id, receipt) => items.has(id) && received(items.get(id), receipt),
      rested: () => new Promise((rested) => { resting.push(rested); pump(); }),
      isRefused: () => inState("failed").some(isFinal),
    };
    form.addEventListener("submit", (event) => {
      if (isOnDraft()) return;
      if (inState("queued", "running").length) {
        event.preventDefault();
        if (isHeld) return;
        isHeld = true;
        xiaohao.photos.rested().then(() => { isHeld = false; form.requestSubmit(event.submitter); });
      } else if (inState("failed").length) {
        event.preventDefault();
        complain();
      }
    });
  }
}
