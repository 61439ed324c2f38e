// The other tabs: accounts one may follow, scanning and the web, and who one is.

import { tabs } from "./chats.js";
import { accountFace, button, face, h, icon } from "./dom.js";
import { ask, scan } from "./senders.js";
import { field } from "./sheet.js";

const KIND_NAMES = { service: "服务号", subscription: "订阅号" };
export const kindName = (account) => KIND_NAMES[account.kind] || "公众号";

function screen(phone, name, title, body) {
  const element = h("div.screen", {}, h("div.head", {}, h("span"), h("h2", { text: title }), h("span")), body, tabs(phone, name));
  return { element };
}

const row = (lead, words, note, onclick) => h("li", {}, button("line", h("span.row", {}, lead, h("span.mid", {}, h("strong", { text: words }), note ? h("small", { text: note }) : null), icon("right")), onclick));

export function contacts(phone) {
  const list = h("ul.list.lines");
  const changed = () =>
    list.replaceChildren(...phone.desk.accounts.map((one) => row(accountFace(one), one.display_name, `${kindName(one)} · ${phone.person.following.includes(one.name) ? "已关注" : "还没关注"}`, () => phone.show("profile", one))));
  changed();
  return { ...screen(phone, "contacts", "通讯录", list), changed };
}

export function discover(phone) {
  const body = h("ul.list.lines", {}, row(h("span.ava.tool", {}, icon("scan")), "扫一扫", "填二维码的场景值或网址", () => scan(phone)), row(h("span.ava.tool", {}, icon("page")), "打开网页", "在手机里看，cookie 是这个人自己的", () => visit(phone)));
  return screen(phone, "discover", "发现", body);
}

async function visit(phone) {
  const url = await ask(phone, "打开网页", (done) => {
    const words = h("input", { type: "url", required: true, value: phone.desk.webUrl || "", placeholder: "http://" });
    return [h("form.ask", { onsubmit: (event) => (event.preventDefault(), done(words.value)) }, field("网址", words), h("button.big", { type: "submit", text: "打开" }))];
  });
  if (url) phone.openLink(url);
}

export function mine(phone) {
  const { person, desk } = phone;
  const known = desk.accounts.map((one) => [h("dt", { text: `在${one.display_name}的 openid` }), h("dd", { text: person.openids[one.name] || "—" })]);
  const body = h("div.list", {}, h("div.card-me", {}, face(person.nickname), h("h3", { text: person.nickname }), h("p", { text: "模拟的人，不是真的" })), h("ul.lines", {}, row(h("span.ava.tool", {}, icon("lock")), "锁屏", "看锁屏上会露出什么", () => phone.show("lock")), looks(phone)), h("dl.ids", {}, ...known.flat()));
  return screen(phone, "mine", "我", body);
}

const LOOKS = [["", "跟着窗口"], ["light", "浅色"], ["dark", "深色"]];

// Light or dark, for this phone alone.
function looks(phone) {
  const keys = LOOKS.map(([name, label]) => button("btn", label, () => (phone.paint(name), show()), { "data-look": name }));
  const show = () => keys.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.look === phone.theme)));
  show();
  return h("li.looks", {}, h("span.row", {}, h("span.ava.tool", {}, icon("moon")), h("span.mid", {}, h("strong", { text: "这部手机的颜色" }), h("span.keys", { role: "group", "aria-label": "这部手机的颜色" }, ...keys))));
}
