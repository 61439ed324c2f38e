// Copying words, also where the page came without TLS from the laptop: there the clipboard is closed to scripts.

import { h } from "./dom.js";

export async function copied(words) {
  if (navigator.clipboard) return navigator.clipboard.writeText(words).then(() => true, () => false);
  const place = h("textarea.vh", { value: words, readonly: true, "aria-hidden": "true" });
  const from = document.activeElement;
  document.body.append(place);
  place.select();
  const isDone = document.execCommand("copy");
  place.remove();
  from?.focus({ preventScroll: true });
  return isDone;
}
