// The lock screen: the hour, and that something came; never a plate, an act or the words themselves.

import { discreet } from "./bubbles.js";
import { button, elephant, h, icon } from "./dom.js";
import { chatTime, dateOf, now, onTime, timeOf } from "./time.js";

export function lock(phone) {
  const hour = h("time.hour");
  const day = h("p.day");
  const list = h("ul.notes", { "aria-live": "polite", "aria-label": "通知" });
  const open = button("unlock", h("span.row", {}, icon("lock"), "点一下解锁"), phone.back);
  const element = h("div.screen.locked", {}, h("h2.vh", { text: "锁屏" }), hour, day, list, open);

  function changed() {
    const fresh = phone.chats.filter((one) => one.unread);
    list.replaceChildren(...fresh.map((one) => {
      const account = phone.desk.accounts.find((each) => each.name === one.account);
      const inside = h("span.row", {}, elephant("mark"), h("span.mid", {}, h("strong", { text: account.display_name }), discreet(one)), h("time", { text: chatTime(Date.parse(one.last.time)) }));
      return h("li", {}, button("banner", inside, () => (phone.back(), phone.show("talk", account))));
    }));
  }

  const stop = onTime(() => {
    hour.textContent = timeOf(now());
    day.textContent = dateOf(now());
  });
  changed();
  return { element, changed, close: stop, focus: () => open.focus({ preventScroll: true }) };
}
