// A picture or a film over the whole glass; Escape, the cross or a tap beside it closes.

import { h, iconButton } from "./dom.js";
import { keepInside } from "./senders.js";

function view(phone, label, content) {
  const from = document.activeElement;
  const close = () => {
    over.remove();
    if (from?.isConnected) from.focus({ preventScroll: true });
  };
  const cross = iconButton("close", "关上", close);
  const over = h("div.viewer", { role: "dialog", "aria-modal": "true", "aria-label": label, onkeydown: (event) => keepInside(event, over, close) }, cross, content);
  over.addEventListener("click", ({ target }) => target === over && close());
  phone.glass.append(over);
  cross.focus({ preventScroll: true });
}

export function picture(phone, url) {
  view(phone, "图片", h("img", { src: url, alt: "大图" }));
}

export function film(phone, url) {
  const player = h("video", { src: url, controls: true, autoplay: true, playsinline: true, "aria-label": "视频" });
  player.addEventListener("error", () => player.replaceWith(h("p", { role: "alert", text: "这段视频放不了，文件可能是空的，或者过了三天。" })));
  view(phone, "视频", player);
}
