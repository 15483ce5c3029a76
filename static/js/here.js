// Where this person stands: a mark on the map, and the way to what lies around.
(() => {
  "use strict";
  const ASKED = { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 };
  const STREET = 16;
  const box = document.getElementById("map");

  /** The phone's own fix; what went wrong is told in the words of `words`. */
  function locate(words, tell, then) {
    if (!navigator.geolocation || !window.isSecureContext) return tell(words.insecure);
    const troubles = { 1: words.denied, 2: words.unavailable, 3: words.timeout };
    tell(words.searching);
    return navigator.geolocation.getCurrentPosition(({ coords }) => { tell(""); then(coords); }, ({ code }) => tell(troubles[code]), ASKED);
  }

  function mark(map, coords, words) {
    const at = [coords.latitude, coords.longitude];
    const said = words.fix.replace("{metres}", Math.round(coords.accuracy || 0));
    const halo = L.circle(at, { radius: coords.accuracy || 0, className: "here-halo", interactive: false });
    const icon = L.divIcon({ className: "here-dot", html: "", iconSize: [18, 18] });
    return L.layerGroup([halo, L.marker(at, { icon, title: said, alt: said, keyboard: false, interactive: false })]).addTo(map);
  }

  function offerOwnPosition(map) {
    const words = box.dataset;
    const says = document.getElementById("map-says");
    let marked;
    const way = L.control({ position: "topleft" });
    way.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar");
      const button = L.DomUtil.create("button", "way-back", bar);
      button.type = "button";
      button.textContent = words.mine;
      L.DomEvent.disableClickPropagation(bar).on(button, "click", () => locate(words, (text) => { says.textContent = text; }, (coords) => {
        if (marked) marked.remove();
        marked = mark(map, coords, words);
        map.setView([coords.latitude, coords.longitude], STREET, { animate: false });
        says.textContent = words.fix.replace("{metres}", Math.round(coords.accuracy));
      }));
      return bar;
    };
    way.addTo(map);
  }

  if (box) {
    box.addEventListener("drawn", ({ detail: map }) => {
      const { lat, lng } = box.dataset;
      if (lat) {
        mark(map, { latitude: Number(lat), longitude: Number(lng) }, { fix: box.dataset.asked });
        map.fitBounds(L.latLng(lat, lng).toBounds(2 * box.dataset.within), { animate: false });
      }
      offerOwnPosition(map);
    });
  }

  const place = document.querySelector("[name=onsite_place]");
  const told = document.getElementById("here-words");
  if (place && told) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet mt-2", textContent: told.dataset.mine });
    const says = Object.assign(document.createElement("p"), { className: "hint" });
    says.setAttribute("role", "status");
    button.addEventListener("click", () => locate(told.dataset, (text) => { says.textContent = text; }, ({ latitude, longitude, accuracy }) => {
      const known = { lat: latitude.toFixed(6), lng: longitude.toFixed(6), metres: Math.round(accuracy) };
      place.value = told.dataset.told.replace(/\{(\w+)\}/g, (_, name) => known[name]);
      place.dispatchEvent(new Event("input", { bubbles: true })); // what keeps drafts hears of it
    }));
    place.after(button, says);
  }

  const asking = document.querySelector("[data-here-form]");
  if (asking) {
    const button = asking.querySelector("[data-here]");
    const says = asking.querySelector("[data-here-says]");
    button.hidden = false;
    button.addEventListener("click", () => locate(asking.dataset, (text) => { says.textContent = text; }, (coords) => {
      asking.elements.lat.value = coords.latitude.toFixed(6);
      asking.elements.lng.value = coords.longitude.toFixed(6);
      asking.elements.datum.value = "wgs84";
      asking.submit();
    }));
    if (asking.hasAttribute("data-at-once")) button.click();
  }
})();
