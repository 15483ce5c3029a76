// The names of the districts: each stands where its district is seen and no pin, button or other name is in the way; or nowhere.
(() => {
  "use strict";
  const STEP = 24; // pixels between the places that are tried
  const ROOM = 4; // pixels kept free around a name

  /** The rings of a layer of Leaflet, as arrays of points. */
  const ringsOf = (parts) => (Array.isArray(parts[0]) ? parts.flatMap(ringsOf) : [parts]);

  /** A name to be placed: of which layer, and whether it is the house's own district. */
  function of(layer, text, isHome) {
    const shown = document.createElement("span");
    shown.textContent = text;
    const tip = L.tooltip({ permanent: true, pane: "names", direction: "center", className: `district-name${isHome ? " is-home" : ""}`, content: shown });
    return { layer, isHome, tip, rings: ringsOf(layer.getLatLngs()) };
  }

  function holds(rings, { lat, lng }) {
    let isInside = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const one = ring[i];
        const other = ring[j];
        if ((one.lat > lat) !== (other.lat > lat) && lng < one.lng + ((lat - one.lat) / (other.lat - one.lat)) * (other.lng - one.lng)) isInside = !isInside;
      }
    }
    return isInside;
  }

  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const around = ({ x, y }, { width, height }) => ({ left: x - width / 2 - ROOM, right: x + width / 2 + ROOM, top: y - height / 2 - ROOM, bottom: y + height / 2 + ROOM });

  /** What is in the way: pins, buttons and the line in the corner, in pixels of the map. */
  function inTheWay(map, pins) {
    const frame = map.getContainer().getBoundingClientRect();
    const controls = map.getContainer().querySelectorAll(".leaflet-control");
    return [...pins.map((pin) => pin.getElement()), ...controls].map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left: left - frame.left, right: right - frame.left, top: top - frame.top, bottom: bottom - frame.top };
    });
  }

  /** The free place next to the middle of what is seen of a district; nothing when there is none. */
  function placeFor(map, name, size, taken) {
    const whole = map.getSize();
    const seen = [];
    for (let x = size.width / 2 + ROOM; x < whole.x - size.width / 2; x += STEP) {
      for (let y = size.height / 2 + ROOM; y < whole.y - size.height / 2; y += STEP) {
        if (holds(name.rings, map.containerPointToLatLng([x, y]))) seen.push({ x, y });
      }
    }
    const middle = ["x", "y"].map((axis) => seen.reduce((sum, at) => sum + at[axis], 0) / seen.length);
    const isAcross = (x, y) => !holds(name.rings, map.containerPointToLatLng([x, y]));
    for (const at of seen) {
      at.far = Math.hypot(at.x - middle[0], at.y - middle[1]);
      if (isAcross(at.x - size.width / 2, at.y) || isAcross(at.x + size.width / 2, at.y)) at.far += whole.x; // rather within its district
    }
    return seen.sort((a, b) => a.far - b.far).find((at) => !taken.some((rect) => meet(around(at, size), rect)));
  }

  /** Put every name where it may stand; the own district's first. */
  function draw(map, names, pins) {
    const taken = inTheWay(map, pins);
    for (const name of [...names].sort((a, b) => b.isHome - a.isHome)) {
      if (!map.hasLayer(name.tip)) name.tip.setLatLng(name.layer.getBounds().getCenter()).addTo(map);
      const element = name.tip.getElement();
      const size = { width: element.offsetWidth, height: element.offsetHeight };
      const at = placeFor(map, name, size, taken);
      if (!at) {
        name.tip.remove();
        continue;
      }
      taken.push(around(at, size));
      name.tip.setLatLng(map.containerPointToLatLng([at.x, at.y]));
    }
  }

  window.names = { of, draw };
})();
