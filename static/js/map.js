// The map of the cases. Everything it says stands in the list beside it, too.
(() => {
  "use strict";
  const box = document.getElementById("map");
  const says = document.getElementById("map-says");
  const MOST_LISTED = 30;
  const STREET = 17; // the zoom at which streets are told apart
  if (!box || !window.L) return;
  const words = box.dataset; // the page's texts, in its language
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /** A text as Leaflet takes it: what a file of boundaries says is never markup. */
  function plain(text) {
    const told = document.createElement("span");
    told.textContent = text;
    return told.innerHTML;
  }

  const map = L.map(box, { zoomControl: false, minZoom: 6, maxZoom: 18, maxBoundsViscosity: 1 });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix(false).addAttribution(plain(words.ground));
  map.createPane("names").style.zIndex = 450; // over the ground, under the pins
  tiles.lay(map, box, (text) => { says.textContent = text; });
  const pins = L.layerGroup().addTo(map);
  let points = [];
  let labels = []; // the names of the districts, each with the places where it may stand

  function entry(point) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    const note = document.createElement("span");
    link.href = point.url;
    link.textContent = point.title;
    note.textContent = `${point.says} · ${point.place || point.number}`;
    line.append(link, note);
    return line;
  }

  function listed(members) {
    const list = document.createElement("ul");
    list.append(...members.slice(0, MOST_LISTED).map(entry));
    if (members.length > MOST_LISTED) {
      const rest = document.createElement("li");
      rest.textContent = filled(words.rest, { count: members.length - MOST_LISTED });
      list.append(rest);
    }
    return list;
  }

  const isGathered = (members) => members.some((one) => one.reach);
  const isSpread = (members) => members.some((one) => one.at[0] !== members[0].at[0] || one.at[1] !== members[0].at[1]);

  function pinFor(group) {
    const { members, light, at, count } = group;
    const size = clusters.widthOf(count);
    const kind = `pin pin-${light}${count === 1 ? " pin-one" : ""}`;
    const worst = members.find((one) => one.light === light) || members[0];
    const name = filled(count === 1 && worst.title ? words.pin : words.pins, { title: worst.title, says: worst.says, count });
    const icon = L.divIcon({ className: kind, html: clusters.labelOf(group), iconSize: [size, count === 1 ? size : 30] });
    const pin = L.marker(at, { icon, title: name, keyboard: true, zIndexOffset: light === "red" ? 1000 : 0 });
    pin.members = members;
    if ((isGathered(members) || (members.length > 1 && isSpread(members))) && map.getZoom() < map.getMaxZoom()) {
      pin.on("click", () => map.fitBounds(L.latLngBounds(members.flatMap((one) => one.reach || [one.at])), { padding: [50, 50], maxZoom: Math.max(map.getZoom() + 2, 16) }));
    } else {
      pin.bindPopup(() => listed(members), { minWidth: 200, maxWidth: 280 });
    }
    return pin.addTo(pins);
  }

  function draw() {
    pins.clearLayers();
    clusters.grouped(points, (at) => map.project(at)).forEach(pinFor);
  }

  const name = () => names.draw(map, labels, pins.getLayers());

  function show(point, zoom = 14) {
    map.setView(point.at, Math.max(map.getZoom(), zoom), { animate: false });
    pins.eachLayer((pin) => {
      pin.getElement().classList.toggle("pin-found", pin.members.includes(point));
    });
    L.popup({ minWidth: 200, maxWidth: 280 }).setLatLng(point.at).setContent(listed([point])).openOn(map);
    box.scrollIntoView({ block: "nearest" });
  }

  function tieToList() {
    const byNumber = new Map(points.map((point) => [point.number, point]));
    for (const line of document.querySelectorAll(".map-list li[data-number]")) {
      const point = byNumber.get(line.dataset.number);
      if (!point) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "find";
      button.textContent = words.find;
      button.setAttribute("aria-label", `${words.find} ${point.number}`);
      button.addEventListener("click", () => {
        document.querySelectorAll(".map-list .is-shown").forEach((other) => other.classList.remove("is-shown"));
        line.classList.add("is-shown");
        show(point);
      });
      line.querySelector(".line-head").append(button);
    }
  }

  /** A button that leads back to the whole district. */
  function offerWayBack(bounds) {
    const way = L.control({ position: "topleft" });
    way.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar");
      const button = L.DomUtil.create("button", "way-back", bar);
      button.type = "button";
      button.textContent = words.whole;
      L.DomEvent.disableClickPropagation(bar).on(button, "click", () => map.closePopup().fitBounds(bounds, { padding: [10, 10] }));
      return bar;
    };
    way.addTo(map);
  }

  function layBase(districts) {
    const base = L.geoJSON(districts, {
      interactive: false,
      style: ({ properties }) => ({ className: properties.code === box.dataset.home ? "district district-home" : "district" }),
      onEachFeature({ properties }, layer) {
        if (properties.name) labels.push(names.of(layer, properties.name, properties.code === box.dataset.home));
      },
    }).addTo(map);
    const home = base.getLayers().find((layer) => layer.feature.properties.code === box.dataset.home);
    const lines = base.getBounds(); // none where no outlines were loaded: then the pins, or the province
    const [west, south, east, north] = districts.bbox || [];
    const ground = lines.isValid() ? lines : L.latLngBounds([[south, west], [north, east]]);
    const pins = L.latLngBounds(points.map((one) => one.at));
    const view = home ? home.getBounds() : lines.isValid() ? lines : pins.isValid() ? pins : ground;
    map.fitBounds(view, { padding: [10, 10], maxZoom: 15 });
    offerWayBack(view);
    map.setMaxBounds(ground.pad(0.3));
    if (home) home.bringToFront();
  }

  const pointOf = ({ geometry, bbox, properties }) => ({
    ...properties,
    at: [geometry.coordinates[1], geometry.coordinates[0]],
    reach: bbox && [[bbox[1], bbox[0]], [bbox[3], bbox[2]]],
  });

  /** Where the server gathers, it is asked again for each part of the map that is looked at; the last answer asked for counts. */
  let asks = 0;
  function askAgain() {
    asks += 1;
    const own = asks;
    const view = map.getBounds().pad(0.2);
    const address = new URL(box.dataset.cases, window.location.href);
    address.searchParams.set("box", [view.getSouth(), view.getWest(), view.getNorth(), view.getEast()].map((degrees) => degrees.toFixed(5)).join(","));
    address.searchParams.set("zoom", Math.round(map.getZoom()));
    read(address).then((cases) => {
      if (own !== asks) return;
      points = cases.features.map(pointOf);
      draw();
      name();
    }).catch(() => { says.textContent = words.failed; });
  }

  const read = (address) => fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));

  Promise.all([read(box.dataset.districts), read(box.dataset.cases)])
    .then(([districts, cases]) => {
      points = cases.features.map(pointOf);
      layBase(districts);
      box.dispatchEvent(new CustomEvent("drawn", { detail: map })); // before the names are set: they keep clear of every button
      draw();
      name();
      map.on("zoomend", draw).on("moveend", name);
      tieToList();
      if (points.length === 1) show(points[0], STREET);
      if (!cases.is_gathered) return;
      says.textContent = filled(words.gathered, cases);
      map.on("moveend", askAgain);
      askAgain();
    })
    .catch(() => { says.textContent = words.failed; });
})();
