// Tiles of others under the outlines, where the office has set some. Six of a layer that fail in a row, and the outlines are
// drawn alone again.
"use strict";
const tiles = (() => {
  const MOST_FAILED = 6;

  /** Lay the tiles that the box names under a map; `tell` says in words when they are given up, `come` is called for those that come. */
  function lay(map, box, tell, come = () => {}) {
    const words = box.dataset;
    if (!words.tileBase) return;
    const credit = document.createElement("span"); // as text: Leaflet takes an attribution for markup
    credit.textContent = words.tileCredit;
    const made = (url) => L.tileLayer(url, { key: words.tileKey, attribution: credit.innerHTML, maxZoom: 19, maxNativeZoom: 18 });
    const layers = [words.tileBase, words.tileLabel].filter(Boolean).map(made);
    const giveUp = () => {
      layers.forEach((layer) => layer.remove());
      box.classList.remove("map-tiled");
      tell(words.tileFailed);
    };
    for (const layer of layers) {
      let failed = 0;
      layer.on("tileload", () => { failed = 0; come(); });
      layer.on("tileerror", () => { failed += 1; if (failed === MOST_FAILED) giveUp(); });
      layer.addTo(map);
    }
    box.classList.add("map-tiled");
  }

  return { lay };
})();
