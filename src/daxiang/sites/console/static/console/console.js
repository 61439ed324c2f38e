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

  const isTyping = (target) => target.closest && target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.altKey) {
      const entry = /^Digit[0-9]$/.test(event.code) && document.querySelector(`.nav a[data-key="${event.code.slice(5)}"]`);
      if (entry) { event.preventDefault(); location.assign(entry.href); }
      return;
    }
    if (isTyping(event.target)) return;
    if (event.code === "KeyJ") go(at + 1);
    else if (event.code === "KeyK") go(at - 1);
    else if (event.code === "KeyT") turn();
    else if (event.code === "KeyF") {
      const field = document.querySelector("[data-filter]");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.code === "Enter" && at >= 0 && document.activeElement === rows[at]) {
      const link = rows[at].querySelector("a[href]");
      if (link) location.assign(link.href);
    } else if (event.code === "Escape") document.activeElement.blur();
  });
})();
