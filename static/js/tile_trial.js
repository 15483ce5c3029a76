// Tiles that are not set yet, on a map of their own: whether they come, and whether they lie right under the outlines.
(() => {
  "use strict";
  const box = document.getElementById("tile-trial");
  const says = document.getElementById("tile-says");
  if (!box || !window.L) return;
  const words = box.dataset;
  const map = L.map(box, { zoomControl: false, minZoom: 4, maxZoom: 18 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  says.textContent = "";

  async function open() {
    const districts = await fetch(words.districts, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then((answer) => answer.json());
    const lines = L.geoJSON(districts, { interactive: false, style: ({ properties }) => ({ className: properties.code === words.home ? "district district-home" : "district" }) }).addTo(map);
    const home = lines.getLayers().find((each) => each.feature.properties.code === words.home);
    const [west, south, east, north] = districts.bbox || [73, 18, 135, 54];
    map.fitBounds(lines.getBounds().isValid() ? (home || lines).getBounds() : [[south, west], [north, east]], { animate: false });
    tiles.lay(map, box, (text) => { says.textContent = text; }, () => { if (!says.textContent) says.textContent = words.shown; });
  }

  open().catch(() => { says.textContent = words.tileFailed; });
})();
