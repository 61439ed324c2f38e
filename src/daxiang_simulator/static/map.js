// A drawing of the two rivers and their crossings around a point. Positions are approximate, widths are not true.

import { h, s } from "./dom.js";

const KM_A_DEGREE = { lon: 95.85, lat: 110.9 };
const VIEW = { width: 390, height: 300 };
const WHOLE = { top: 0, bottom: VIEW.height };
const STRIP = { top: 66, bottom: 234 }; // what a card shows of the drawing
const LETTER = { width: 16, height: 14 };
const SCALE = 46; // drawing units a kilometre
let loading = null;

export function places() {
  loading ??= fetch("/_sim/phone/places.json").then((answer) => {
    if (!answer.ok) throw new Error("places");
    return answer.json();
  });
  loading.catch(() => (loading = null));
  return loading;
}

export const kilometres = (a, b) => Math.hypot((a.lon - b.lon) * KM_A_DEGREE.lon, (a.lat - b.lat) * KM_A_DEGREE.lat);

// Moved by pixels of the drawing.
export function moved(where, dx, dy, scale = SCALE) {
  return { lon: where.lon + dx / scale / KM_A_DEGREE.lon, lat: where.lat - dy / scale / KM_A_DEGREE.lat };
}

export const point = ([lon, lat]) => ({ lon, lat });

// Draws into `map`, with `centre` in its middle; a name that would be cut at an edge is left out.
export function draw(map, held, centre, scale = SCALE, room = WHOLE) {
  const at = ([lon, lat]) => [
    VIEW.width / 2 + (lon - centre.lon) * KM_A_DEGREE.lon * scale,
    VIEW.height / 2 - (lat - centre.lat) * KM_A_DEGREE.lat * scale,
  ];
  map.replaceChildren(
    ...held.rivers.map((one) => river(one, at, scale)),
    ...held.lands.map((one) => words(one.name, at(one.at), "land")),
    ...held.rivers.flatMap((one) => riverName(one, at, held.crossings, room)),
    ...held.crossings.flatMap((one) => crossing(one, held.rivers[one.river], at, scale)),
    ...held.places.flatMap((one) => landmark(one, at)),
  );
  for (const name of map.querySelectorAll("text:not(.river-name)")) if (!fits(name, room)) name.remove();
}

function fits(name, { top, bottom }) {
  const [x, y] = ["x", "y"].map((one) => Number(name.getAttribute(one)));
  const width = [...name.textContent].length * LETTER.width;
  const left = name.getAttribute("text-anchor") === "middle" ? x - width / 2 : x;
  return left >= 0 && left + width <= VIEW.width && y - LETTER.height >= top && y <= bottom;
}

function river({ points, width_km: width }, at, scale) {
  return s("path", { d: smooth(points.map(at)), class: "river", "stroke-width": width * scale });
}

// A smooth line through all points (Catmull-Rom as cubic curves).
function smooth(points) {
  const parts = [`M${at(points[0])}`];
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b, c, d] = [points[Math.max(0, i - 1)], points[i], points[i + 1], points[Math.min(points.length - 1, i + 2)]];
    const near = [b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6];
    const far = [c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6];
    parts.push(`C${at(near)} ${at(far)} ${at(c)}`);
  }
  return parts.join("");
  function at([x, y]) {
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  }
}

// A deck lies square to the stream.
function crossing({ name, at: where, is_tunnel: isTunnel }, { points, width_km: width }, at, scale) {
  const [x, y] = at(where);
  const [dx, dy] = stream(points, where);
  const half = (width * scale) / 2 + 5;
  const deck = s("line", { x1: x + dy * half, y1: y - dx * half, x2: x - dy * half, y2: y + dx * half, class: isTunnel ? "deck tunnel" : "deck" });
  const onRight = Math.abs(dy) > Math.abs(dx);
  const label = onRight ? words(name, [x + Math.abs(dy) * half + 6, y + 5 + dx * dy * half * 0.5], "name") : words(name, [x, y - half - 5], "name middle");
  return [deck, label];
}

// The direction of the stream at one of its points, as a unit vector of the drawing.
function stream(points, where) {
  const i = points.findIndex(([lon, lat]) => lon === where[0] && lat === where[1]);
  const [a, b] = [points[Math.max(0, i - 1)], points[Math.min(points.length - 1, i + 1)]];
  const [x, y] = [(b[0] - a[0]) * KM_A_DEGREE.lon, -(b[1] - a[1]) * KM_A_DEGREE.lat];
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}

const APART = 38;

// In the stream where it has its place; when that lies outside, where between two points no crossing is near.
function riverName({ name, label, turn, points }, at, crossings, { top, bottom }) {
  const half = [...name].length * LETTER.width;
  const isSeen = ([x, y]) => x > half && x < VIEW.width - half && y > top + LETTER.height && y < bottom - LETTER.height;
  const taken = crossings.map((one) => at(one.at)).flatMap(([x, y]) => [[x, y], [x, y - 28]]); // decks and their names
  const free = ([x, y]) => Math.min(...taken.map(([dx, dy]) => Math.hypot(x - dx, y - dy)));
  const spans = points.slice(1).map((one, i) => [at(points[i]), at(one)]);
  const middle = ([[ax, ay], [bx, by]]) => [(ax + bx) / 2, (ay + by) / 2];
  const [span] = isSeen(at(label)) ? [] : spans.filter((one) => isSeen(middle(one)) && free(middle(one)) > APART).sort((a, b) => free(middle(b)) - free(middle(a)));
  if (!span && !isSeen(at(label))) return [];
  const [x, y] = span ? middle(span) : at(label);
  const angle = span ? (Math.atan((span[1][1] - span[0][1]) / (span[1][0] - span[0][0])) * 180) / Math.PI : turn;
  return [s("text", { class: "river-name", transform: `translate(${x} ${y}) rotate(${angle})`, "text-anchor": "middle", dy: ".36em" }, name)];
}

function landmark({ name, at: where }, at) {
  const [x, y] = at(where);
  return [s("circle", { cx: x, cy: y, r: 3.5, class: "dot" }), words(name, [x, y + 19], "spot middle")];
}

function words(text, [x, y], name) {
  const middle = name.includes("middle") || name === "land";
  return s("text", { x, y, class: name, "text-anchor": middle ? "middle" : "start" }, text);
}

export const canvas = (name) => s("svg", { viewBox: `0 0 ${VIEW.width} ${VIEW.height}`, class: `map ${name}`, preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" });

export function pin() {
  return s("svg", { viewBox: "0 0 34 44", class: "pin", "aria-hidden": "true" }, s("path", { d: "M17 43S2 27 2 16a15 15 0 0 1 30 0c0 11-15 27-15 27z", fill: "currentColor" }), s("circle", { cx: 17, cy: 16, r: 5.5, class: "hole" }));
}

// The drawing in the card of a place that was sent.
export function smallMap(where) {
  const map = canvas("small");
  places().then((held) => draw(map, held, where, 60, STRIP)).catch(() => {});
  return h("div.here", {}, map, pin());
}
