// Elements without a framework. Words are only ever set as text, never as markup.

import { PATHS } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

// h("div.msg.me", { id: "x", onclick }, child, …): null, undefined and false are left out.
export function h(what, props = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  set(made, props);
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

function set(made, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "text") made.textContent = value;
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
}

export function s(tag, props = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

// A line drawing of 24 units; decoration, so it is hidden from a screen reader.
export function icon(name, className = "i") {
  const drawn = s("svg", { viewBox: "0 0 24 24", class: className, "aria-hidden": "true" });
  for (const path of PATHS[name]) drawn.append(s("path", typeof path === "string" ? { d: path } : path));
  return drawn;
}

export function button(what, label, onclick, props = {}) {
  return h(`button.${what}`, { type: "button", onclick, ...props }, label);
}

export function iconButton(name, label, onclick, props = {}) {
  return button("icon", icon(name), onclick, { "aria-label": label, title: label, ...props });
}

export const elephant = (className) => h(`img.${className}`, { src: "/_sim/phone/logo.svg", alt: "" });

// A square with the first character of a name; the colour goes with the name and stays.
const TONES = ["sand", "leaf", "plum", "sky", "li", "wang"];
export function face(nickname) {
  const [first = "人"] = nickname;
  return h(`span.ava.${TONES[first.codePointAt(0) % TONES.length]}`, { "aria-hidden": "true" }, first);
}

export function accountFace(account) {
  return h(`span.ava.${account.kind === "subscription" ? "off" : "svc"}`, { "aria-hidden": "true" }, elephant("mark"));
}

// Arrow keys walk along the tabs or keys of a group; one of them is in the tab order.
export function rove(group, selector, isUpright = false) {
  const [back, on] = isUpright ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
  group.addEventListener("keydown", (event) => {
    const all = [...group.querySelectorAll(selector)].filter((one) => !one.hidden && !one.disabled);
    const at = all.indexOf(document.activeElement);
    const steps = { [back]: at - 1, [on]: at + 1, Home: 0, End: all.length - 1 };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    all[(steps[event.key] + all.length) % all.length].focus();
  });
}

export const remembered = {
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`daxiang-${name}`));
    } catch {
      return null; // Private windows may refuse, and what is there may be another's.
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`daxiang-${name}`, JSON.stringify(value));
    } catch {
      // Then each visit begins anew.
    }
  },
};
