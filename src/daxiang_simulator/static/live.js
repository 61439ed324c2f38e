// Hints from the simulator that something changed: one line for all phones of this page, taken up again by itself.

const AWAY_POLL_MS = 4000;
const listeners = new Set();
let source = null;
let users = "";
let timer = 0;

// `hear(event)`: {kind, user?, account?, …}; kind "again" means: something may have been missed, look at all.
export function onChange(hear) {
  listeners.add(hear);
  return () => listeners.delete(hear);
}

function tell(event) {
  for (const hear of [...listeners]) hear(event);
}

export function watch(people) {
  const wanted = people.join(",");
  if (wanted === users && source) return;
  users = wanted;
  source?.close();
  source = new EventSource(`/_sim/events?users=${encodeURIComponent(users)}`);
  source.addEventListener("open", () => {
    stopPolling();
    tell({ kind: "again" });
  });
  source.addEventListener("message", ({ data }) => tell(JSON.parse(data)));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => watchAgain(wanted), AWAY_POLL_MS);
    startPolling();
  });
}

function watchAgain(wanted) {
  if (wanted !== users) return;
  source = null;
  watch(wanted.split(","));
}

// While the line is down we ask as the old phones did.
function startPolling() {
  if (!timer) timer = setInterval(() => document.hidden || tell({ kind: "again" }), AWAY_POLL_MS);
}

function stopPolling() {
  clearInterval(timer);
  timer = 0;
}

// Another window of the same browser may have moved on: phones open there, this one looks again.
document.addEventListener("visibilitychange", () => document.hidden || tell({ kind: "again" }));
window.addEventListener("pagehide", () => source?.close());
window.addEventListener("pageshow", (event) => event.persisted && watchAgain(users));
