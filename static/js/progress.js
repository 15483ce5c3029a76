// A page of something under way looks again by itself, while it is before somebody's eyes; without this there is its button.
(() => {
  "use strict";
  const seconds = Number(document.currentScript.dataset.seconds) || 3;
  const look = () => { if (document.hidden) { setTimeout(look, 1000); } else { location.reload(); } };
  setTimeout(look, seconds * 1000);
})();
