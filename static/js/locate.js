// Where a case lies: the phone's own fix, a pin that fingers and arrow keys move, typed numbers. All three are kept.
(() => {
  "use strict";
  const box = document.getElementById("where");
  const form = box && box.closest("form");
  if (!form) return;

  const words = box.dataset;
  const says = box.querySelector(".where-says");
  const sheet = box.querySelector(".where-map");
  const clearing = box.querySelector("[data-act=clear]");
  const field = (name) => form.elements[name];
  const DIGITS = 6;
  const POOR = 100; // metres from which a fix is worth a second look
  const NUDGE = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const ASKED = { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 };
  const ERRORS = { 1: words.denied, 2: words.unavailable, 3: words.timeout };
  let map, pin, fix, halo, pictured;

  const fill = (pattern, metres) => pattern.replace("{metres}", Math.round(metres));
  const tell = (...sentences) => { says.textContent = sentences.filter(Boolean).join(" "); };
  const once = new Map();

  function load(tag, attributes) {
    const address = attributes.src || attributes.href;
    if (!once.has(address)) {
      once.set(address, new Promise((resolve, reject) => {
        const element = Object.assign(document.createElement(tag), attributes);
        element.addEventListener("load", resolve);
        element.addEventListener("error", () => { once.delete(address); element.remove(); reject(new Error(address)); }); // the next press asks again
        document.head.append(element);
      }));
    }
    return once.get(address);
  }

  /** Put a point into the form. `how` is device, pin or text. */
  function keep(at, how, accuracy = "") {
    field("located_by").value = how;
    field("accuracy_metres").value = accuracy;
    if (how !== "text") {
      field("lat").value = at[0].toFixed(DIGITS);
      field("lng").value = at[1].toFixed(DIGITS);
      field("datum").value = how === "device" ? "wgs84" : "manual";
    }
    clearing.hidden = false;
    form.dispatchEvent(new Event("located"));
  }

  /** What the product knows of a point; nothing when it cannot be asked. */
  async function look(lat, lng, datum) {
    try {
      const answer = await fetch(`${words.where}?${new URLSearchParams({ lat, lng, datum })}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      return answer.ok && !answer.redirected ? await answer.json() : {};
    } catch {
      return {};
    }
  }

  /** What the register knows of this point goes where nobody wrote anything yet; whoever wrote keeps it. */
  function propose(control, value) {
    const isOurs = !control.value || control.value === control.dataset.proposed;
    if (!value || !isOurs || control.value === value || (control.options && ![...control.options].some((each) => each.value === value))) return false;
    control.value = value;
    control.dataset.proposed = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  let asked = 0; // an answer to an earlier question says nothing any more

  async function describe(first) {
    const turn = ++asked;
    tell(first);
    const known = await look(field("lat").value, field("lng").value, field("datum").value);
    if (turn !== asked) return {};
    const named = known.known && propose(field("place"), known.known.place) ? known.known : null;
    if (known.known) propose(field("area_code"), known.known.area_code);
    tell(first, known.odd, known.says, named && named.says);
    return known;
  }

  function ofPin() {
    const at = pin.getLatLng();
    keep([at.lat, at.lng], "pin");
    return describe(fix ? fill(words.apart, map.distance(at, fix)) : words.placed);
  }

  function nudge(event) {
    const step = NUDGE[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 40 : 6;
    const at = map.project(pin.getLatLng()).add([step[0] * far, step[1] * far]);
    pin.setLatLng(map.unproject(at));
    if (!map.getBounds().contains(pin.getLatLng())) map.panTo(pin.getLatLng(), { animate: false });
    ofPin();
  }

  function place(at) {
    if (pin) return pin.setLatLng(at);
    const icon = L.divIcon({ className: "where-pin", html: "", iconSize: [28, 40], iconAnchor: [14, 38] });
    pin = L.marker(at, { icon, draggable: true, keyboard: true, title: words.pin, autoPan: true }).addTo(map);
    pin.getElement().setAttribute("aria-label", words.pin);
    pin.getElement().addEventListener("keydown", nudge);
    return pin.on("dragend", ofPin);
  }

  async function base() {
    const districts = await fetch(words.districts, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then((answer) => answer.json());
    const layer = L.geoJSON(districts, { interactive: false, style: ({ properties }) => ({ className: properties.code === words.home ? "district district-home" : "district" }) }).addTo(map);
    layer.bringToBack();
    const home = layer.getLayers().find((each) => each.feature.properties.code === words.home);
    if (!layer.getLayers().length && districts.bbox) {
      const [west, south, east, north] = districts.bbox;
      return L.latLngBounds([[south, west], [north, east]]);
    }
    return (home || layer).getBounds();
  }

  async function open(at, zoom) {
    if (!map) {
      sheet.hidden = false;
      await Promise.all([load("link", { rel: "stylesheet", href: words.leafletCss }), load("script", { src: words.leafletJs }), words.tilesJs ? load("script", { src: words.tilesJs }) : null]);
      map = L.map(sheet, { zoomControl: false, minZoom: 6, maxZoom: 19 });
      const ground = document.createElement("span"); // as text: Leaflet takes an attribution for markup
      ground.textContent = words.ground;
      map.attributionControl.setPrefix(false).addAttribution(ground.innerHTML);
      if (words.tilesJs) tiles.lay(map, box, (text) => tell(says.textContent, text));
      L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
      L.control.scale({ imperial: false }).addTo(map);
      map.on("click", ({ latlng }) => { place(latlng); ofPin(); });
      if (at) map.setView(at, zoom, { animate: false });
      const bounds = await base().catch(() => null);
      if (!at) map.fitBounds(bounds || [[18, 73], [54, 135]], { animate: false });
    } else if (at) {
      map.setView(at, Math.max(map.getZoom(), zoom), { animate: false });
    }
    place(at || (pin ? pin.getLatLng() : map.getCenter()));
  }

  const opened = (at, zoom) => open(at, zoom).catch(() => { sheet.hidden = true; tell(says.textContent, words.failed); });

  async function located({ coords }) {
    const at = [coords.latitude, coords.longitude];
    if (!at[0] && !at[1]) return tell(words.null);
    fix = at;
    field("device_lat").value = at[0].toFixed(DIGITS);
    field("device_lng").value = at[1].toFixed(DIGITS);
    field("device_accuracy_metres").value = coords.accuracy.toFixed(1);
    keep(at, "device", coords.accuracy.toFixed(1));
    await describe([fill(words.fix, coords.accuracy), coords.accuracy > POOR ? words.poor : ""].join(""));
    await opened(at, coords.accuracy > POOR ? 15 : 17);
    if (!map) return undefined;
    if (halo) halo.remove();
    halo = L.circle(at, { radius: coords.accuracy, className: "where-halo", interactive: false }).addTo(map);
    return undefined;
  }

  const acts = {
    locate() {
      if (!window.isSecureContext || !navigator.geolocation) return tell(words.insecure);
      tell(words.searching);
      return navigator.geolocation.getCurrentPosition(located, (error) => tell(ERRORS[error.code] || words.unavailable), ASKED);
    },
    async choose() {
      await opened(null, 15);
      if (!field("lat").value) tell(words.choose);
      if (pin) pin.getElement().focus({ preventScroll: true });
    },
    picture() {
      [field("lat").value, field("lng").value] = pictured.map((each) => each.toFixed(DIGITS));
      field("datum").value = "wgs84";
      keep(null, "text");
      describe(words.pictured);
    },
    clear() {
      for (const name of ["lat", "lng", "located_by", "accuracy_metres", "device_lat", "device_lng", "device_accuracy_metres"]) field(name).value = "";
      fix = undefined;
      if (halo) halo.remove();
      clearing.hidden = true;
      tell(words.none);
      form.dispatchEvent(new Event("located"));
    },
  };

  form.addEventListener("photo-received", ({ detail }) => {
    if (!detail.receipt.point || pictured) return;
    pictured = detail.receipt.point;
    box.querySelector("[data-act=picture]").hidden = Boolean(field("lat").value);
  });
  form.addEventListener("located", () => { if (field("lat").value) box.querySelector("[data-act=picture]").hidden = true; });

  async function typed() {
    if (!field("lat").value || !field("lng").value || form.hasAttribute("data-filling")) return;
    keep(null, "text");
    const known = await describe(words.typed);
    if (known.lat !== undefined && map) await opened([known.lat, known.lng], 15);
  }

  box.querySelector(".where-live").hidden = false;
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) acts[button.dataset.act]();
  });
  for (const name of ["lat", "lng", "datum"]) field(name).addEventListener("change", typed);
  // A form that comes back, or a draft: the point it holds is told as when it was set.
  const SAID = { device: () => fill(words.fix, field("accuracy_metres").value), pin: () => words.placed };
  function recall() {
    if (!field("lat").value || !field("lng").value) return;
    clearing.hidden = false;
    const how = SAID[field("located_by").value];
    describe(how ? how() : words.typed);
  }
  form.addEventListener("filled", recall);
  recall();
})();
