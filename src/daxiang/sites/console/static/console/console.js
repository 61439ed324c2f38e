// The console without script works the same; with it there are keys, and light or dark at a press.
"use strict";

(() => {
  const root = document.documentElement;

  // Light and dark: kept for a year on this browser; the server draws the page in it, so that nothing flashes.
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const turn = () => {
    const theme = isDark() ? "light" : "dark";
    root.dataset.theme = theme;
    document.cookie = `daxiang_console_theme=${theme}; path=/console/; max-age=31536000; samesite=lax`;
  };
  for (const button of document.querySelectorAll("[data-theme-button]")) {
    button.hidden = false;
    button.addEventListener("click", turn);
  }

  // Rows are walked with J and K; Enter opens the row's first link.
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;
  const go = (to) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach((row, place) => row.toggleAttribute("data-at", place === at));
    rows[at].setAttribute("tabindex", "-1");
    rows[at].focus();
  };

  // What is being written is kept in this tab until the server has it: a lost session loses no word.
  const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.name !== "csrfmiddlewaretoken" &&
    !one.hasAttribute("data-secret") && (one.tagName === "TEXTAREA" || one.tagName === "SELECT" || ["text", "search", "date", "hidden"].includes(one.type)));
  const typedIn = (form) => fieldsOf(form).map((one) => [one.name, one.value]);
  const keeping = (form) => {
    const key = `daxiang-kept:${form.dataset.keep}`;
    const before = JSON.stringify(typedIn(form));
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(key)); } catch { sessionStorage.removeItem(key); }
    if (kept && JSON.stringify(kept.typed) !== before) {
      const bar = document.createElement("div");
      bar.className = "told warn kept";
      bar.setAttribute("role", "status");
      const words = document.createElement("span");
      words.textContent = `您 ${kept.at} 写的还没有存。`;
      const put = document.createElement("button");
      put.type = "button"; put.className = "btn s"; put.textContent = "放回来";
      put.addEventListener("click", () => {
        const typed = new Map(kept.typed);
        for (const one of fieldsOf(form)) if (one.type !== "hidden" && typed.has(one.name)) one.value = typed.get(one.name);
        bar.remove();
        form.querySelector("textarea, input.in").focus();
      });
      const drop = document.createElement("button");
      drop.type = "button"; drop.className = "btn quiet s"; drop.textContent = "不要了";
      drop.addEventListener("click", () => { sessionStorage.removeItem(key); bar.remove(); });
      bar.append(words, put, drop);
      form.prepend(bar);
    }
    if (sessionStorage.getItem(SENT) === key) sessionStorage.removeItem(SENT); // it was sent, and did not arrive
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const at = new Date().toTimeString().slice(0, 5);
        try { sessionStorage.setItem(key, JSON.stringify({ at, typed: typedIn(form) })); } catch { /* full: then not */ }
      }, 300);
    });
  };
  const SENT = "daxiang-sent";
  if (document.querySelector("main > .told[role=status]") && sessionStorage.getItem(SENT)) {
    sessionStorage.removeItem(sessionStorage.getItem(SENT)); // the server says that it has it
    sessionStorage.removeItem(SENT);
  }
  const forms = [...document.querySelectorAll("form[data-keep]")];
  // What the server has by now needs no copy: another revision, or another form, stands here.
  const here = new Set(forms.map((form) => `daxiang-kept:${form.dataset.keep}`));
  for (const form of forms) {
    const family = `daxiang-kept:${form.dataset.keep.split("@")[0]}@`;
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(family) && !here.has(key)) sessionStorage.removeItem(key);
    keeping(form);
  }

  const keys = document.querySelector("dialog[data-keys]");

  // Ctrl K: a page by a few signs of its name; Enter goes to the first that is left.
  const find = document.querySelector("dialog[data-find]");
  if (find) {
    const field = find.querySelector("input");
    const lines = [...find.querySelectorAll("li")];
    field.addEventListener("input", () => {
      for (const line of lines) line.hidden = !line.textContent.includes(field.value.trim());
    });
    field.addEventListener("keydown", (event) => {
      const first = lines.find((line) => !line.hidden);
      if (event.key === "Enter" && !event.isComposing && first) { event.preventDefault(); location.assign(first.querySelector("a").href); }
    });
  }

  const isTyping = (target) => target.closest && target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.code === "KeyK" && find) {
        event.preventDefault();
        if (!find.open) find.showModal();
        return;
      }
      const wanted = { KeyS: "[data-on-save]", Enter: "[data-on-go]" }[event.code];
      const button = wanted && document.querySelector(wanted);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.altKey) {
      const entry = /^Digit[0-9]$/.test(event.code) && document.querySelector(`.nav a[data-key="${event.code.slice(5)}"]`);
      if (entry) { event.preventDefault(); location.assign(entry.href); }
      return;
    }
    if (isTyping(event.target)) return;
    if (event.code === "KeyJ") go(at + 1);
    else if (event.code === "KeyK") go(at - 1);
    else if (event.code === "KeyT") turn();
    else if (event.key === "?" && keys) keys.showModal();
    else if (event.code === "KeyF") {
      const field = document.querySelector("[data-filter]");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.code === "Enter" && at >= 0 && document.activeElement === rows[at]) {
      const link = rows[at].querySelector("a[href]");
      if (link) location.assign(link.href);
    } else if (event.code === "Escape") document.activeElement.blur();
  });
})();
