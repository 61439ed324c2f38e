// The list of chats: who wrote last, when, how much is unread. Subscription accounts lie together in one folder,
// service accounts stand alone, as the platform has it.

import { gist } from "./bubbles.js";
import { draftName } from "./composer.js";
import { accountFace, button, h, icon, iconButton, remembered, rove } from "./dom.js";
import { scan } from "./senders.js";
import { chatTime, onTime } from "./time.js";

const FOLDER = "订阅号消息";
const moment = (one) => Date.parse(one.last?.time ?? "1970-01-01");
const newestFirst = (all) => all.sort((a, b) => moment(b) - moment(a));

export function chats(phone) {
  const title = h("h2", { text: "消息" });
  const list = h("ul.list", { "aria-label": "对话" });
  const element = h("div.screen", {}, h("div.head", {}, h("span"), title, iconButton("add", "扫一扫", () => scan(phone))), list, tabs(phone, "chats"));
  list.append(...Array.from({ length: 3 }, () => h("li.still", { "aria-hidden": "true" }, h("i"), h("i"), h("i"))));
  list.addEventListener("away", ({ detail }) => {
    list.replaceChildren(h("li.empty", { role: "alert" }, h("p", { text: detail.message }), button("btn", "再试", () => phone.refresh().catch(phone.lost))));
  });

  function changed() {
    const held = present(phone);
    const unread = held.reduce((sum, one) => sum + one.unread, 0);
    title.textContent = unread ? `消息（${unread}）` : "消息";
    const within = held.filter((one) => one.kind === "subscription");
    const alone = held.filter((one) => one.kind !== "subscription");
    const lines = newestFirst([...alone, ...(within.length ? [together(within)] : [])]);
    fill(list, lines.map((one) => (one.within ? drawer(phone, one) : row(phone, one))), () => nothing(phone));
  }

  rove(list, "button", true);
  const stop = onTime(() => phone.chats.length && changed());
  if (phone.chats.length) changed();
  return { element, changed, close: stop, shown: () => (changed(), phone.refresh().catch(phone.lost)) };
}

// What lies in the folder of subscription accounts.
export function folder(phone) {
  const list = h("ul.list", { "aria-label": FOLDER });
  const element = h("div.screen", {}, h("div.head", {}, iconButton("back", "返回", phone.back), h("h2", { text: FOLDER }), h("span")), list);
  const changed = () => fill(list, newestFirst(present(phone).filter((one) => one.kind === "subscription")).map((one) => row(phone, one)), () => h("li.empty", {}, h("p", { text: "还没有订阅号" })));
  rove(list, "button", true);
  const stop = onTime(changed);
  changed();
  return { element, changed, close: stop, shown: () => (changed(), phone.refresh().catch(phone.lost)), focus: () => list.querySelector("button")?.focus({ preventScroll: true }) };
}

const accountOf = (phone, name) => phone.desk.accounts.find((one) => one.name === name);
const present = (phone) => phone.chats.filter((one) => accountOf(phone, one.account) && (one.last || phone.person.following.includes(one.account)));

// The focus stays on the row that had it.
function fill(list, rows, empty) {
  const focused = document.activeElement?.dataset.account;
  list.replaceChildren(...(rows.length ? rows : [empty()]));
  if (focused) list.querySelector(`[data-account="${focused}"]`)?.focus({ preventScroll: true });
}

function together(within) {
  const [newest] = newestFirst(within);
  return { within, last: newest.last, newest, unread: within.reduce((sum, one) => sum + one.unread, 0) };
}

function row(phone, one) {
  const account = accountOf(phone, one.account);
  const draft = remembered.get(draftName(phone.person, account));
  const last = one.last ? gist(one.last) : "已关注，还没有消息";
  const words = draft ? [h("b.draft", { text: "［草稿］" }), draft] : [last];
  const badge = one.unread ? h("b.badge", { text: one.unread > 99 ? "99+" : String(one.unread) }) : null;
  const face = accountFace(account);
  if (badge) face.append(badge);
  const label = [account.display_name, one.unread ? `${one.unread}条未读` : "", draft ? `草稿：${draft}` : last];
  return line(face, account.display_name, one, words, label, () => phone.show("talk", account), account.name);
}

// A red dot says that something is new in the folder; how much stands inside.
function drawer(phone, one) {
  const name = accountOf(phone, one.newest.account).display_name;
  const last = one.last ? `${name}：${gist(one.last)}` : `${name}：已关注，还没有消息`;
  const face = h("span.ava.folder", { "aria-hidden": "true" }, icon("folder"), one.unread ? h("b.badge.dot") : null);
  return line(face, FOLDER, one, [last], [FOLDER, one.unread ? `${one.unread}条未读` : "", last], () => phone.show("folder"), "folder");
}

function line(face, name, one, words, label, onclick, key) {
  const time = one.last ? h("time", { text: chatTime(moment(one)) }) : null;
  const inside = h("span.row", {}, face, h("span.mid", {}, h("strong", { text: name }), time, h("span.last", {}, ...words)));
  return h("li", {}, button("chat", inside, onclick, { "data-account": key, "aria-label": [...label, time?.textContent].filter(Boolean).join("，") }));
}

function nothing(phone) {
  const account = phone.desk.accounts[0];
  return h("li.empty", {}, icon("chat"), h("p", { text: "还没有消息" }), account ? button("btn", `去关注${account.display_name}`, () => phone.show("profile", account)) : null);
}

const TABS = [["chats", "chat", "消息"], ["contacts", "people", "通讯录"], ["discover", "compass", "发现"], ["mine", "me", "我"]];

export function tabs(phone, present) {
  const bar = h("nav.tabs", { "aria-label": `${phone.person.nickname}的四个页面` });
  bar.append(...TABS.map(([name, drawing, label]) => button("tab", h("span.row", {}, icon(drawing), label), () => phone.home(name), { "aria-current": name === present ? "page" : null })));
  rove(bar, "button");
  return bar;
}
