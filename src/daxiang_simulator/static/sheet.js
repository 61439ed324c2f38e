// A dialog: in the middle of a wide window, a sheet from below on a phone. Escape closes it, the focus goes back.

import { h, iconButton } from "./dom.js";

export function openSheet(title, ...content) {
  const from = document.activeElement;
  const name = `sheet-${Date.now()}`;
  const dialog = h(
    "dialog.sheet",
    { "aria-labelledby": name },
    h("header", {}, h("h2", { id: name, text: title }), iconButton("close", "关上", () => dialog.close())),
    h("div.sheet-body", {}, ...content),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (from?.isConnected) from.focus({ preventScroll: true });
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// One label with its control below; `note` is a line of help.
export function field(label, control, note) {
  return h("label.field", {}, h("span", { text: label }), control, note ? h("small", { text: note }) : null);
}

export function say(place, sentence) {
  place.textContent = sentence;
  place.hidden = !sentence;
}
