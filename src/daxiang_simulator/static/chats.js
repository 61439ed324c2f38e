// The list of chats: who wrote last, when, how much is unread.

import { gist } from "./bubbles.js";
import { accountFace, button, h, icon, iconButton, rove } from "./dom.js";
import { scan } from "./senders.js";
import { chatTime, onTime } from "./time.js";

export function chats(phone) {
  const title = h("h2", { text: "消息" });
  const list = h("ul.list", { "aria-label": "对话" });
  const element = h("div.screen", {}, h("div.head", {}, h("span"), title, iconButton("add", "扫一扫", () => scan(phone))), list, tabs(phone, "chats"));
  list.append(...Array.from({ length: 3 }, () => h("li.still", { "aria-hidden": "true" }, h("i"), h("i"), h("i"))));
  list.addEventListener("away", ({ detail }) => {
    list.replaceChildren(h("li.empty", { role: "alert" }, h("p", { text: detail.message }), button("btn", "再试", () => phone.refresh().catch(phone.lost))));
  });

  function changed() {
    const held = phone.chats.filter((one) => one.last || phone.person.following.includes(one.account));
    const unread = held.reduce((sum, one) => sum + one.unread, 0);
    title.textContent = unread ? `消息（${unread}）` : "消息";
    const focused = document.activeElement?.dataset.account;
    const rows = held.sort((a, b) => moment(b) - moment(a)).map(row);
    list.replaceChildren(...(rows.length ? rows : [nothing()]));
    if (focused) list.querySelector(`[data-account="${focused}"]`)?.focus({ preventScroll: true });
  }

  const moment = (one) => Date.parse(one.last?.time ?? "1970-01-01");

  function row(one) {
    const account = phone.desk.accounts.find((each) => each.name === one.account);
    if (!account) return "";
    const last = one.last ? gist(one.last) : "已关注，还没有消息";
    const badge = one.unread ? h("b.badge", { text: one.unread > 99 ? "99+" : String(one.unread) }) : null;
    const face = accountFace(account);
    if (badge) face.append(badge);
    const time = one.last ? h("time", { text: chatTime(moment(one)) }) : null;
    const label = [account.display_name, one.unread ? `${one.unread}条未读` : "", last, time?.textContent || ""].filter(Boolean).join("，");
    return h("li", {}, button("chat", h("span.row", {}, face, h("span.mid", {}, h("strong", { text: account.display_name }), time, h("span.last", { text: last }))), () => phone.show("talk", account), { "data-account": account.name, "aria-label": label }));
  }

  function nothing() {
    const account = phone.desk.accounts[0];
    return h("li.empty", {}, icon("chat"), h("p", { text: "还没有消息" }), account ? button("btn", `去关注${account.display_name}`, () => phone.show("profile", account)) : null);
  }

  rove(list, "button", true);
  const stop = onTime(() => phone.chats.length && changed());
  if (phone.chats.length) changed();
  return { element, changed, close: stop, shown: () => phone.refresh().catch(phone.lost) };
}

const TABS = [["chats", "chat", "消息"], ["contacts", "people", "通讯录"], ["discover", "compass", "发现"], ["mine", "me", "我"]];

export function tabs(phone, present) {
  const bar = h("nav.tabs", { "aria-label": "手机" });
  bar.append(...TABS.map(([name, drawing, label]) => button("tab", h("span.row", {}, icon(drawing), label), () => phone.home(name), { "aria-current": name === present ? "page" : null })));
  rove(bar, "button");
  return bar;
}
