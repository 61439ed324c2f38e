// Subscribing to notices: the sheet that a page or an account brings up, and the list that one goes back to.

import { accountFace, button, h, icon, iconButton, remembered } from "./dom.js";
import * as platform from "./platform.js";
import { ask } from "./senders.js";

const keptName = (user, account) => `kept-${user}-${account}`;
const KINDS = { true: "长期", false: "一次" };

// Asks about these templates; {template: "accept"|"reject"}, or null when nobody decided. What was to be kept is
// not asked again, as the person wished.
export async function subscribe(phone, account, wanted) {
  const { user } = phone.person;
  const all = await platform.notices(user, account.name);
  const listed = all.filter(({ template_id: number }) => wanted.includes(number));
  if (!listed.length) return null;
  const kept = remembered.get(keptName(user, account.name)) || {};
  const open = listed.filter(({ template_id: number }) => !kept[number]);
  const chosen = open.length ? await sheet(phone, account, open) : { said: {}, isKept: false };
  if (!chosen) return null;
  if (chosen.isKept) remembered.set(keptName(user, account.name), { ...kept, ...chosen.said });
  const before = listed.filter(({ template_id: number }) => kept[number]).map(({ template_id: number }) => [number, kept[number]]);
  const said = { ...Object.fromEntries(before), ...chosen.said };
  await platform.consent(user, account.name, { templates: said });
  return said;
}

function sheet(phone, account, listed) {
  return ask(phone, "订阅通知", (done) => {
    const boxes = listed.map((one) => [one, h("input", { type: "checkbox", checked: true, "aria-label": one.title })]);
    const keep = h("input", { type: "checkbox" });
    const answer = (isYes) => done({ said: Object.fromEntries(boxes.map(([one, box]) => [one.template_id, isYes && box.checked ? "accept" : "reject"])), isKept: keep.checked });
    return [
      h("div.asks", {},
        h("p.who-asks", {}, accountFace(account), h("span", {}, h("strong", { text: account.display_name }), "想给您发这些通知")),
        h("ul.notices", {}, ...boxes.map(([one, box]) => h("li", {}, h("label", {}, box, h("span", {}, h("strong", { text: one.title }), h("small", { text: `${KINDS[one.is_long_term]} · ${one.labels.join("、")}` })))))),
        h("label.keep", {}, keep, "总是保持以上选择，不再询问"),
        h("div.two", {}, button("btn", "拒绝", () => answer(false)), button("btn strong", "允许", () => answer(true)))),
    ];
  });
}

// The account's page of notices: each can be switched, which the service hears of.
export function notices(phone, account) {
  const list = h("ul.rows.settings");
  const body = h("div.list", {}, h("p.note", { text: "关掉以后，这种通知就发不到您这里了。" }), list);
  const element = h("div.screen", {}, h("div.head", {}, iconButton("back", "返回", phone.back), h("h2", { text: "通知管理" }), h("span")), body);

  async function draw() {
    try {
      const all = await platform.notices(phone.person.user, account.name);
      list.replaceChildren(...(all.length ? all.map(line) : [h("li.empty", {}, icon("bell"), h("p", { text: "这个号还没有可订阅的通知" }))]));
    } catch (fault) {
      if (!phone.lost(fault)) list.replaceChildren(h("li.empty", { role: "alert" }, h("p", { text: fault.message }), button("btn", "再试", draw)));
    }
  }

  function line(one) {
    const isOn = one.left !== 0;
    const left = one.is_long_term ? "长期" : isOn ? `还能收${one.left}次` : "一次";
    return h("li", {}, h("span", {}, h("strong", { text: one.title }), h("small", { text: `${left} · ${one.labels.join("、")}` })), button("switch", h("i"), (event) => turn(one, event.currentTarget), { role: "switch", "aria-checked": String(isOn), "aria-label": one.title }));
  }

  async function turn(one, key) {
    const isOn = key.getAttribute("aria-checked") === "true";
    key.setAttribute("aria-checked", String(!isOn));
    try {
      await platform.consent(phone.person.user, account.name, { templates: { [one.template_id]: isOn ? "reject" : "accept" }, change: true });
    } catch (fault) {
      if (!phone.lost(fault)) phone.tell(fault.message);
    }
    forget(one.template_id);
    await draw();
    [...list.querySelectorAll("[role=switch]")].find((each) => each.getAttribute("aria-label") === one.title)?.focus({ preventScroll: true });
  }

  function forget(number) {
    const kept = remembered.get(keptName(phone.person.user, account.name)) || {};
    delete kept[number];
    remembered.set(keptName(phone.person.user, account.name), kept);
  }

  draw();
  return { element, focus: () => element.querySelector("button").focus({ preventScroll: true }) };
}
