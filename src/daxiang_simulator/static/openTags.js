// The open tag <wx-open-subscribe template="…"> of a page inside the chat: what lies in it is shown, a tap asks the
// person, and the page hears of it by the events that the platform documents: success and error.

import { subscribe } from "./consent.js";
import * as platform from "./platform.js";

const TAG = "wx-open-subscribe";

export function bringOpenTags(phone, inside) {
  const upgrade = () => inside.querySelectorAll(TAG).forEach((one) => one.shadowRoot || show(one));
  upgrade();
  new inside.defaultView.MutationObserver(upgrade).observe(inside.documentElement, { childList: true, subtree: true });

  // The page's own markup, in the page: <template>, or a script that holds it as text.
  function show(one) {
    const held = one.querySelector("template, script[type='text/wxtag-template']");
    const root = one.attachShadow({ mode: "open" });
    if (!held) root.append(inside.createElement("slot"));
    else if (held.content) root.append(inside.importNode(held.content, true));
    else {
      const read = new inside.defaultView.DOMParser().parseFromString(held.textContent, "text/html");
      root.append(...[...read.head.childNodes, ...read.body.childNodes].map((each) => inside.adoptNode(each)));
    }
    one.addEventListener("click", () => asked(one));
    one.dispatchEvent(new inside.defaultView.CustomEvent("ready"));
  }

  async function asked(one) {
    const wanted = (one.getAttribute("template") || "").split(",").map((each) => each.trim()).filter(Boolean);
    const tell = (name, detail) => one.dispatchEvent(new inside.defaultView.CustomEvent(name, { detail }));
    try {
      const account = await holder(wanted);
      if (!account) return tell("error", { errMsg: "subscribe:fail no such template", errCode: 10001 });
      const said = await subscribe(phone, account, wanted);
      if (!said) return tell("success", details(wanted, () => "cancel"));
      tell("success", details(Object.keys(said), (number) => said[number]));
    } catch (fault) {
      if (!(fault instanceof platform.Fault)) throw fault;
      if (!phone.lost(fault)) tell("error", { errMsg: `subscribe:fail ${fault.message}`, errCode: 10000 });
    }
  }

  // Whose templates these are.
  async function holder(wanted) {
    for (const account of phone.desk.accounts) {
      const all = await platform.notices(phone.person.user, account.name);
      if (all.some(({ template_id: number }) => wanted.includes(number))) return account;
    }
    return null;
  }
}

function details(numbers, status) {
  const each = numbers.map((number) => [number, JSON.stringify({ status: status(number) })]);
  return { errMsg: "subscribe:ok", subscribeDetails: JSON.stringify(Object.fromEntries(each)) };
}
