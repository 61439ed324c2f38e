// An account's page: who it is, follow or leave.

import { accountFace, button, h, icon, iconButton } from "./dom.js";
import { kindName } from "./corners.js";
import * as platform from "./platform.js";

const SAYS = {
  service: "说出车牌最后一位数字，就知道今天怎么走。",
  subscription: "给本单位民警的内部号。",
};

export function profile(phone, account) {
  const body = h("div.profile");
  const element = h("div.screen", {}, h("div.head", {}, iconButton("back", "返回", phone.back), h("h2.vh", { text: `${account.display_name}的资料` }), h("span")), body);

  function draw() {
    const follows = phone.person.following.includes(account.name);
    body.replaceChildren(...[
      accountFace(account),
      h("h3", { text: account.display_name }),
      h("p.kind", { text: kindName(account) }),
      h("p", { text: SAYS[account.kind] || "" }),
      follows ? button("big", "发消息", enter) : button("big", "关注", () => turn(true)),
      follows ? button("quiet", h("span.row", {}, icon("bell"), "通知管理"), () => phone.show("notices", account)) : null,
      follows ? button("quiet danger", "不再关注", () => turn(false)) : h("p.small", { text: "关注以后，服务会收到一个事件，和微信里一样。" }),
      h("p.warn", { role: "alert", hidden: true }),
    ].filter(Boolean));
  }

  // Back to the chat that lies below, or into a new one.
  function enter() {
    phone.back();
    if (!phone.element.querySelector(".talk")) phone.show("talk", account);
  }

  async function turn(isOn) {
    const keys = [...body.querySelectorAll("button")];
    for (const one of keys) one.disabled = true;
    keys[0].prepend(icon("reload", "i turning"));
    phone.hush(true); // one's own act needs no banner
    try {
      await platform[isOn ? "follow" : "unfollow"](phone.person.user, account.name);
      await phone.refresh();
      if (isOn) return enter();
      draw();
    } catch (fault) {
      if (phone.lost(fault)) return;
      draw();
      const warn = body.querySelector(".warn");
      warn.textContent = fault.message;
      warn.hidden = false;
    } finally {
      phone.hush(false);
    }
  }

  draw();
  return { element, focus: () => body.querySelector("button").focus({ preventScroll: true }) };
}
