// Choose a place to send: the drawing moves under a pin, by hand, by arrow keys, or by the list below.

import { button, h, icon, iconButton } from "./dom.js";
import * as maps from "./map.js";

const STEP = 24;
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NEAR_KM = 0.9;

export function place(phone, onSend, onLeave = () => {}) {
  let held = null;
  let centre = { lon: 114.288, lat: 30.556 };
  let asked = 0;
  const map = maps.canvas("pick");
  const ground = h("div.place-map", { tabindex: 0, role: "application", "aria-label": "地图，方向键移动大头针" }, map, maps.pin());
  const where = h("p.where", { role: "status" });
  const find = h("input", { placeholder: "找地方", "aria-label": "找地方", type: "search", oninput: list });
  const found = h("ul");
  const go = button("go", "发送", send);
  const element = h("div.screen", {}, h("div.head", {}, iconButton("close", "取消", leave), h("h2", { text: "发位置" }), go), ground, h("div.places", {}, where, h("div.find", {}, find), found));

  function leave() {
    phone.back();
    onLeave();
  }

  function send() {
    phone.back();
    onSend({ latitude: Number(centre.lat.toFixed(6)), longitude: Number(centre.lon.toFixed(6)), scale: 16, label: label() });
  }

  // As people name a spot: the place itself when it is near, else what it lies beside.
  function label() {
    const [nearest] = near();
    if (!nearest) return `${centre.lat.toFixed(4)}, ${centre.lon.toFixed(4)}`;
    const name = nearest.km < NEAR_KM ? nearest.name : `${nearest.name}附近`;
    return `${districtAt()} ${name}`;
  }

  const districtAt = () => closest(held.places)?.district ?? "武汉市";

  function near() {
    if (!held) return [];
    const all = [...held.places, ...held.crossings];
    return all.map((one) => ({ ...one, km: maps.kilometres(centre, maps.point(one.at)) })).sort((a, b) => a.km - b.km);
  }

  const closest = (all) => [...all].sort((a, b) => maps.kilometres(centre, maps.point(a.at)) - maps.kilometres(centre, maps.point(b.at)))[0];

  function turn(dx, dy) {
    centre = maps.moved(centre, dx, dy);
    draw();
  }

  function draw() {
    if (!held) return;
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      maps.draw(map, held, centre);
      where.textContent = label();
      list();
    });
  }

  function list() {
    const words = find.value.trim();
    const all = near().filter((one) => !words || one.name.includes(words)).slice(0, words ? 20 : 8);
    const rows = all.map((one, at) => row(one, !words && at === 0 && one.km < 0.05));
    found.replaceChildren(...(rows.length ? rows : [h("li.none", { text: "这附近没有地名" })]));
  }

  function row(one, isHere) {
    const far = one.km < 0.05 ? one.district || "这里" : `${direction(one)} ${one.km < 10 ? one.km.toFixed(1) : Math.round(one.km)}公里`;
    return h("li", {}, button("", h("span.row", {}, h("span", {}, one.name, h("small", { text: far })), isHere ? icon("check") : null), () => jump(one), { "aria-pressed": String(isHere) }));
  }

  function jump(one) {
    centre = maps.point(one.at);
    find.value = "";
    draw();
    element.querySelector(".places").scrollTop = 0;
    ground.focus({ preventScroll: true });
  }

  function direction({ at: [lon, lat] }) {
    const angle = Math.atan2((lat - centre.lat) * 110.9, (lon - centre.lon) * 95.85);
    return `往${["东", "东北", "北", "西北", "西", "西南", "南", "东南"][(Math.round((angle * 4) / Math.PI) + 8) % 8]}`;
  }

  ground.addEventListener("keydown", (event) => {
    if (event.key === "Enter") send();
    if (!(event.key in DIRECTIONS)) return;
    event.preventDefault();
    const [dx, dy] = DIRECTIONS[event.key].map((one) => one * STEP * (event.shiftKey ? 4 : 1));
    turn(dx, dy);
  });
  ground.addEventListener("pointerdown", (start) => {
    ground.setPointerCapture(start.pointerId);
    let [x, y] = [start.clientX, start.clientY];
    const ratio = 390 / ground.clientWidth;
    const drag = (event) => {
      turn((x - event.clientX) * ratio, (y - event.clientY) * ratio);
      [x, y] = [event.clientX, event.clientY];
    };
    ground.addEventListener("pointermove", drag);
    const stop = () => ground.removeEventListener("pointermove", drag);
    ground.addEventListener("pointerup", stop, { once: true });
    ground.addEventListener("pointercancel", stop, { once: true });
  });
  maps.places().then(
    (data) => {
      held = data;
      centre = maps.point(data.places[0].at);
      draw();
    },
    () => {
      where.textContent = "地图没来，照样能打字。";
      go.disabled = true;
    },
  );
  return { element, focus: () => ground.focus({ preventScroll: true }) };
}
