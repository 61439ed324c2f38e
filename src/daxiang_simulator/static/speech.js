// Saying something: hold the key as on a telephone, or tap it; then the words that would be recognised.

import { button, h } from "./dom.js";
import { ask, sendRow } from "./senders.js";
import { field } from "./sheet.js";

const HELD_MS = 220;
const AWAY_PX = 90;
const SAID = ["尾号六，明天晚上十点半，长江大桥走不走得？", "今天鹦鹉洲大桥能不能走？", "我的车被人撞了。"];

const wave = () => h("span.waving", { "aria-hidden": "true" }, ...Array.from({ length: 15 }, () => h("i")));

export function holdKey(phone, say) {
  const key = button("hold", "按住 说话", () => wasHeld || voice(phone, say));
  let wasHeld = false;
  key.addEventListener("contextmenu", (event) => event.preventDefault());
  key.addEventListener("pointerdown", (down) => {
    if (down.button) return;
    const listening = h("div.listening", { role: "status" }, wave(), h("p", { text: "正在听，松开就说完" }));
    wasHeld = false;
    key.setPointerCapture(down.pointerId);
    const timer = setTimeout(() => {
      wasHeld = true;
      phone.glass.append(listening);
    }, HELD_MS);
    const moved = ({ clientY }) => {
      const isAway = down.clientY - clientY > AWAY_PX;
      listening.classList.toggle("away", isAway);
      listening.lastChild.textContent = isAway ? "松开就不发" : "正在听，松开就说完";
    };
    const end = ({ type }) => {
      clearTimeout(timer);
      key.removeEventListener("pointermove", moved);
      const isDone = wasHeld && type === "pointerup" && !listening.classList.contains("away");
      listening.remove();
      if (isDone) voice(phone, say);
      setTimeout(() => (wasHeld = false)); // the click that follows is no second wish
      for (const name of ENDS) key.removeEventListener(name, end);
    };
    key.addEventListener("pointermove", moved);
    for (const name of ENDS) key.addEventListener(name, end);
  });
  return key;
}

const ENDS = ["pointerup", "pointercancel"];

async function voice(phone, say) {
  const said = await ask(phone, "说了什么", (done) => {
    const words = h("textarea", { rows: 2, maxlength: 600, required: true, "aria-label": "识别出来的话" });
    const submit = (event) => (event.preventDefault(), words.value.trim() && done(words.value.trim()));
    return [
      h("div.choices", {}, ...SAID.map((one) => button("choice", one, () => done(one)))),
      h("form.ask", { onsubmit: submit }, field("自己说一句", words, "模拟的手机没有麦克风：打出来，就当是识别出来的。"), sendRow()),
    ];
  });
  if (said) say({ type: "voice", recognition: said });
}
