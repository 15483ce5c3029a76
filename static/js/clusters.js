// Clusters by grid: cases whose points share a square of the screen at one zoom stand as one pin, as urgent as the worst of them.
// A member may itself stand for many, which the server has gathered.
(() => {
  "use strict";
  const CELL = 56;
  const TOO_CLOSE = 38;
  const SHAPES = { red: "■", yellow: "▲", none: "○", green: "●", blue: "✓" };
  const RANK = ["red", "yellow", "none", "green", "blue"];

  const countOf = (members) => members.reduce((sum, { count = 1 }) => sum + count, 0);
  const middle = (members) => [0, 1].map((axis) => members.reduce((sum, { at, count = 1 }) => sum + at[axis] * count, 0) / countOf(members));

  /** The cases by square of the screen, the fullest square first. */
  function squares(points, project) {
    const cells = new Map();
    for (const point of points) {
      const at = project(point.at);
      const key = `${Math.floor(at.x / CELL)}:${Math.floor(at.y / CELL)}`;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(point);
    }
    return [...cells.values()].sort((a, b) => countOf(b) - countOf(a));
  }

  /** The groups of `points`: each has its members, its middle, and the worst light. Pins that would cover each other are one. */
  function grouped(points, project) {
    const groups = [];
    for (const members of squares(points, project)) {
      const at = project(middle(members));
      const near = groups.find((group) => Math.hypot(project(group.at).x - at.x, project(group.at).y - at.y) < TOO_CLOSE);
      if (near) near.members.push(...members);
      else groups.push({ members, at: middle(members) });
    }
    for (const group of groups) {
      group.light = RANK.find((light) => group.members.some((member) => member.light === light)) || "none";
      group.count = countOf(group.members);
    }
    return groups;
  }

  /** How wide a pin for so many cases is, in pixels: a little more for every tenfold. */
  const widthOf = (count) => (count === 1 ? 26 : 40 + 6 * Math.floor(Math.log10(count)));

  /** What a pin shows: its shape, and its number when it stands for several. */
  const labelOf = (group) => SHAPES[group.light] + (group.count > 1 ? group.count : "");

  window.clusters = { grouped, widthOf, labelOf };
})();
