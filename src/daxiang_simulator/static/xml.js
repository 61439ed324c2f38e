// A body as one reads it: an element a line, indented, names in another tone; what is long folds by itself.

import { h } from "./dom.js";

const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.-]*)>|([^<]+)|(<)/g;

export function pretty(body) {
  const text = body.trim();
  if (text.startsWith("<")) return tree(text);
  if (text.startsWith("{")) return json(text);
  return [text || "（空的）"];
}

// A short element stays on one line with its text, as one would write it by hand.
function tree(text) {
  const parts = [];
  let depth = 0;
  let isOpen = false;
  for (const [, cdata, closing, name, words] of text.matchAll(TOKEN)) {
    if (name && !closing) {
      parts.push(`${parts.length ? "\n" : ""}${"  ".repeat(depth)}<`, tag(name), ">");
      depth += 1;
      isOpen = true;
    } else if (name) {
      depth -= 1;
      if (isOpen) parts.push("</…>");
      else parts.push(`\n${"  ".repeat(Math.max(0, depth))}</`, tag(name), ">");
      isOpen = false;
    } else if (cdata !== undefined || words?.trim()) {
      parts.push(h("span.value", { text: cdata ?? words.trim() }));
    }
  }
  return parts;
}

const tag = (name) => h("em", { text: name });

function json(text) {
  try {
    return [JSON.stringify(JSON.parse(text), null, 2)];
  } catch {
    return [text];
  }
}
