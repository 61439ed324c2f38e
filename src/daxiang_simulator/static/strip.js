// The control strip: one clock for all phones, faults, and who holds the phones.

import { button, elephant, face, h, icon, iconButton } from "./dom.js";
import { faultKeys } from "./faults.js";
import * as platform from "./platform.js";
import { field, openSheet, say } from "./sheet.js";
import { dateOf, isoChina, later, moveClock, next, now, onTime, rate, timeOf } from "./time.js";

const HOUR_MS = 3_600_000;
const RATES = [1, 60, 600, 0];
const RATE_NAMES = { 0: "停着", 1: "一倍", 60: "六十倍", 600: "六百倍" };
const CHIPS = 4;

export function strip(desk) {
  const warn = h("p.strip-warn", { role: "alert", hidden: true });
  const faults = faultKeys((sentence) => say(warn, sentence));
  const people = peopleKeys(desk, (sentence) => say(warn, sentence));
  const site = desk.siteUrl ? h("a.btn.site", { href: desk.siteUrl, text: "网站" }) : null;
  const groups = h("div.groups", {}, clockKeys((sentence) => say(warn, sentence)), faults.element, people.element, site);
  const name = h("h1", {}, elephant("mark"), "模拟器");
  const element = h("header.strip", {}, name, groups, warn);

  // On a telephone the same groups stand in a sheet.
  function openControls() {
    const dialog = openSheet("模拟器", groups);
    dialog.addEventListener("close", () => name.after(groups));
  }

  const refresh = () => {
    faults.refresh();
    people.refresh();
  };
  return { element, openControls, refresh, drawPeople: people.draw };
}

function clockKeys(onError) {
  const shown = h("output", { text: "—" });
  const pace = button("btn", "×1", () => act({ rate: RATES[(RATES.indexOf(rate()) + 1) % RATES.length] }));
  const act = (change) => moveClock(change).then(() => onError(""), (fault) => onError(fault.message));
  onTime(() => {
    const time = timeOf(now());
    shown.replaceChildren(`${dateOf(now())} ${time}`);
    pace.textContent = rate() ? `×${rate()}` : "已停";
    pace.setAttribute("aria-label", `时间走得快慢：${RATE_NAMES[rate()] || `${rate()}倍`}，按一下换`);
  });
  const ready = (make) => () => now() !== null && act(make());
  return h("div.grp.time-group", { role: "group", "aria-label": "时间" },
    shown,
    h("span.keys", {}, button("btn", "＋1小时", ready(() => ({ now: later(HOUR_MS) }))), button("btn", "到22:00", ready(() => ({ now: next(22) }))), pace, iconButton("clock", "选一个时间", () => pickTime(act), { class: "btn", "aria-haspopup": "dialog" })));
}

function pickTime(act) {
  const moment = h("input", { type: "datetime-local", required: true, value: now() ? isoChina(now()).slice(0, 16) : "" });
  const presets = [["明天早上7:00", () => next(7)], ["今晚0:30", () => next(0).replace("T00:00", "T00:30")], ["早上8:00", () => next(8)]];
  const done = (change) => {
    act(change);
    dialog.close();
  };
  const dialog = openSheet(
    "选一个时间",
    h("form.stack", { onsubmit: (event) => (event.preventDefault(), done({ now: `${moment.value}:00+08:00` })) }, field("北京时间", moment), h("button.btn.strong", { type: "submit", text: "就到这时" })),
    h("div.keys", {}, ...presets.map(([label, make]) => button("btn", label, () => done({ now: make() }))), button("btn", "回到真实时间", () => done({ offset_s: 0, rate: 1 }))),
  );
}

function peopleKeys(desk, onError) {
  const keys = h("span.keys");
  const element = h("div.grp.push", { role: "group", "aria-label": "人" }, h("span.lab", { text: "人" }), keys, button("btn", icon("plus"), openPeople, { "aria-label": "换人、添加一个人", "aria-haspopup": "dialog" }));
  let known = [];

  async function refresh() {
    known = await platform.people().catch(() => known);
    draw();
  }

  function draw() {
    const onPhones = desk.phones.map((one) => one.person);
    const others = known.filter((one) => !onPhones.some((each) => each.user === one.user));
    const shown = [...onPhones, ...others].slice(0, Math.max(CHIPS - 1, onPhones.length));
    keys.replaceChildren(...shown.map((one) => key(one, onPhones.some((each) => each.user === one.user))));
  }

  function key(person, isOn) {
    return button("btn", person.nickname, () => choose(person), { "aria-pressed": String(isOn), title: isOn ? "收起这部手机" : "换上这个人的手机", "data-user": person.user });
  }

  async function choose(person) {
    try {
      await desk.choose(person);
    } catch (fault) {
      onError(fault.message);
    }
    draw();
    keys.querySelector(`[data-user="${person.user}"]`)?.focus({ preventScroll: true });
  }

  function openPeople() {
    const list = h("ul.rows");
    const name = h("input", { maxlength: 20, required: true });
    platform.freeName().then((free) => (name.value ||= free), () => {});
    const warn = h("p.warn", { role: "alert", hidden: true });
    const line = (one) => h("li", {}, face(one.nickname), h("span", {}, h("strong", { text: one.nickname }), h("small", { text: one.following.length ? `关注了${one.following.length}个号` : "还没关注谁" })), button("btn", desk.has(one) ? "收起" : "拿起手机", () => choose(one).then(() => dialog.close())));
    const add = async (event) => {
      event.preventDefault();
      try {
        const made = await platform.create(name.value.trim());
        await refresh();
        dialog.close();
        await choose(made);
      } catch (fault) {
        say(warn, fault.message);
      }
    };
    const dialog = openSheet("人", h("form.stack", { onsubmit: add }, field("添加一个人", name, "名字是编的；每个人有自己的手机、关注和 cookie。"), h("button.btn.strong", { type: "submit", text: "添加" })), warn, list);
    const show = () => list.replaceChildren(...known.map(line));
    show();
    refresh().then(show);
  }

  refresh();
  return { element, refresh, draw };
}
