// The desk: one or two phones, each another person's, the control strip above, the drawer beside.

import { button, face, h, remembered } from "./dom.js";
import { drawer } from "./drawer.js";
import { handset } from "./handset.js";
import { onChange, watch } from "./live.js";
import * as platform from "./platform.js";
import { strip } from "./strip.js";
import { askClock, startClock } from "./time.js";

const MOST_PHONES = 2;
const wide = matchMedia("(min-width: 861px)");
const stage = h("div.stage");
const raw = drawer(() => document.body.classList.remove("with-drawer"));
const desk = { accounts: [], webUrl: "", phones: [], openDrawer, openControls: () => controls.openControls(), choose, has, replace };
let controls = null;

function openDrawer(person, held, made) {
  document.body.classList.add("with-drawer");
  raw.open(person, held, made);
}

async function start() {
  document.body.replaceChildren(h("main.desk.alone", {}, h("h1.vh", { text: "模拟器" }), h("p", { role: "status", text: "正在接通…" })));
  try {
    const { accounts, web_url: webUrl } = await platform.config();
    Object.assign(desk, { accounts, webUrl, siteUrl: seenFromHere(webUrl), phones: [] });
    if (!accounts.length) throw new platform.Fault("模拟器里还没有账号。", 0);
    const people = await whoHolds();
    controls = strip(desk);
    document.body.replaceChildren(controls.element, h("main.desk", { "aria-label": "模拟的手机" }, stage, raw.element));
    for (const person of people) put(person);
    settle();
  } catch (fault) {
    complain(fault);
  }
}

// On a telephone the laptop's 127.0.0.1 is another machine: the website is where the simulator is.
function seenFromHere(url) {
  if (!URL.canParse(url)) return "";
  const held = new URL(url);
  if (["127.0.0.1", "localhost", "[::1]"].includes(held.hostname)) held.hostname = location.hostname;
  return held.href;
}

function complain(fault) {
  if (!(fault instanceof platform.Fault)) throw fault;
  document.body.replaceChildren(h("main.desk.alone", {}, h("h1.vh", { text: "模拟器" }), h("p", { role: "alert", text: fault.message }), button("btn", "再试", start)));
}

// Who held the phones of this browser last time; two new people on a wide window, one on a telephone.
async function whoHolds() {
  const asked = new URLSearchParams(location.search).get("people")?.split(",");
  const known = [];
  for (const user of (asked || remembered.get("phones") || []).slice(0, MOST_PHONES)) {
    const found = await platform.person(user).catch((fault) => {
      if (fault.status !== 404) throw fault;
    });
    if (found) known.push(found);
  }
  while (known.length < (wide.matches && !asked ? MOST_PHONES : 1)) known.push(await platform.create());
  return known;
}

function put(person, at = desk.phones.length) {
  const phone = handset(desk, person);
  const unit = h("div.unit", {}, h("p.who", {}, face(person.nickname), h("b", { text: person.nickname })), phone.element);
  phone.unit = unit;
  desk.phones.splice(at, 0, phone);
  stage.insertBefore(unit, stage.children[at] ?? null);
  return phone;
}

function take(phone) {
  desk.phones.splice(desk.phones.indexOf(phone), 1);
  phone.close();
  phone.unit.remove();
}

function settle() {
  remembered.set("phones", desk.phones.map((one) => one.person.user));
  watch(desk.phones.map((one) => one.person.user));
  document.body.classList.toggle("single", desk.phones.length === 1);
  document.title = `${desk.phones.map((one) => one.person.nickname).join("、")} · 模拟器`;
  controls.drawPeople();
}

function has(person) {
  return desk.phones.some((one) => one.person.user === person.user);
}

// A press on a name: the phone comes, or goes when another one stays; on a telephone it takes the only place.
async function choose(person) {
  const there = desk.phones.find((one) => one.person.user === person.user);
  if (there && desk.phones.length > 1) take(there);
  else if (!there) {
    const fresh = await platform.person(person.user);
    const room = wide.matches ? MOST_PHONES : 1;
    while (desk.phones.length >= room) take(desk.phones.at(-1));
    put(fresh);
  }
  settle();
}

// After a reset: a new person in the same place, of the same name unless another has taken it.
async function replace(phone) {
  const at = desk.phones.indexOf(phone);
  try {
    const made = await platform.create(phone.person.nickname);
    take(phone);
    put(made, at);
    settle();
  } catch (fault) {
    complain(fault);
  }
}

onChange((event) => {
  if (event.kind === "clock" || event.kind === "again") askClock();
  if (["faults", "people", "again"].includes(event.kind)) controls?.refresh();
  if (event.kind === "reset") return void desk.phones.slice().forEach((one) => one.refresh().catch(one.lost));
  for (const phone of desk.phones.slice()) phone.hear(event);
});
wide.addEventListener("change", () => {
  while (!wide.matches && desk.phones.length > 1) take(desk.phones.at(-1));
  if (controls) settle();
});
const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
startClock();
start();
