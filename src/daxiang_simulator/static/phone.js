// The phone: one person, the account they look at, the conversation kept in step with the simulator.

import * as bubbles from "./bubbles.js";
import * as platform from "./platform.js";
import { startClock } from "./time.js";

const NAMES = ["李强", "王芳", "张伟", "刘洋", "陈静", "杨帆", "赵敏", "周涛", "吴霞", "徐磊", "孙丽", "胡军"];
const REMEMBERED = "daxiang-simulator-user";
const POLL_MS = 4000;
const HELLO = {
  service: "说出车牌最后一位数字，就知道今天怎么走。",
  subscription: "给本单位民警的内部号。",
};
const KIND_NAMES = { service: "服务号", subscription: "内部号" };
const $ = (id) => document.getElementById(id);
const state = { accounts: [], account: null, person: null, last: "0", lastTime: "", pending: [], waiting: 0 };
const dots = bubbles.typing();
let inStep = Promise.resolve();

async function start() {
  try {
    const { accounts, web_url: site } = await platform.config();
    state.accounts = accounts;
    if (/^https?:\/\//.test(site)) Object.assign($("site"), { href: site, hidden: false });
    if (!accounts.length) throw new platform.Fault("模拟器里还没有账号。", 0);
    state.person = await whoAmI();
    $("who").textContent = state.person.nickname;
    drawSwitch();
    await open(accounts[0]);
  } catch (fault) {
    complain(fault, start);
  }
}

// The person of this browser; a new one on the first visit and after the simulator was reset.
async function whoAmI() {
  const user = remembered();
  if (user) {
    try {
      return await platform.person(user);
    } catch (fault) {
      if (fault.status !== 404) throw fault;
    }
  }
  const made = await platform.create(NAMES[Math.floor(Math.random() * NAMES.length)]);
  try {
    localStorage.setItem(REMEMBERED, made.user);
  } catch {
    // Private windows may refuse; then each visit is a new person.
  }
  return made;
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function drawSwitch() {
  const sameKind = (kind) => state.accounts.filter((one) => one.kind === kind).length > 1;
  $("switch").replaceChildren(
    ...state.accounts.map((account) => {
      const made = bubbles.element("button", "", sameKind(account.kind) ? account.display_name : KIND_NAMES[account.kind]);
      made.type = "button";
      made.dataset.name = account.name;
      made.addEventListener("click", () => open(account).catch((fault) => complain(fault, () => open(account))));
      return made;
    }),
  );
}

async function open(account) {
  Object.assign(state, { account, last: "0", lastTime: "", pending: [], waiting: 0 });
  for (const one of $("switch").children) one.setAttribute("aria-pressed", String(one.dataset.name === account.name));
  $("title").textContent = account.display_name;
  $("talk").replaceChildren();
  $("notice").hidden = true;
  const follows = state.person.following.includes(account.name);
  show(follows);
  if (follows) await catchUp();
}

function show(follows) {
  $("hello").hidden = follows;
  $("talk").hidden = $("type").hidden = !follows;
  $("hello-name").textContent = state.account.display_name;
  $("hello-text").textContent = HELLO[state.account.kind];
}

async function follow() {
  const { account, person } = state;
  $("follow").disabled = true;
  try {
    await platform.follow(person.user, account.name);
    person.following.push(account.name);
    if (account !== state.account) return;
    show(true);
    await catchUp();
    $("talk").focus({ preventScroll: true });
  } catch (fault) {
    await recover(fault, follow);
  } finally {
    $("follow").disabled = false;
  }
}

// Send words; the bubble stands at once, the answer comes by catchUp.
async function say(message) {
  const { account, person } = state;
  const bubble = bubbles.mine(message.content, person.nickname);
  state.pending.push(message);
  wait(+1);
  add(bubble);
  try {
    await platform.send(person.user, account.name, message);
    wait(-1, account);
    if (account === state.account) await catchUp();
  } catch (fault) {
    wait(-1, account);
    if (fault.status === 404) return recover(fault, start);
    if (account !== state.account) return;
    state.pending = state.pending.filter((one) => one !== message);
    offerAgain(bubble, fault, message);
  }
}

function offerAgain(bubble, fault, message) {
  const reason = bubbles.note("sys", fault.message);
  bubbles.failed(bubble, () => {
    bubble.remove();
    reason.remove();
    say(message);
  });
  add(reason);
}

// One pair of dots for all that waits; it stays at the foot.
function wait(change, account = state.account) {
  if (account !== state.account) return;
  state.waiting = Math.max(0, state.waiting + change);
  if (!state.waiting) dots.remove();
}

// Bring the log in step, one call after another; only what is new is added, so that a screen reader hears it once.
function catchUp() {
  const turn = inStep.then(step);
  inStep = turn.catch(() => {});
  return turn;
}

async function step() {
  const { account, person, last } = state;
  const fresh = await platform.thread(person.user, account.name, last);
  if (account !== state.account) return;
  $("notice").hidden = true;
  for (const entry of fresh) {
    state.last = entry.id;
    if (entry.is_event || isPending(entry)) continue;
    stamp(entry.time);
    add(entry.side === "me" ? bubbles.mine(entry.content, person.nickname) : bubbles.theirs(entry, tap));
  }
}

// Whether this is a message of ours whose bubble already stands.
function isPending(entry) {
  const at = entry.side === "me" ? state.pending.findIndex((one) => one.content === entry.content) : -1;
  if (at >= 0) state.pending.splice(at, 1);
  return at >= 0;
}

function tap(choice) {
  const message = { type: "text", content: choice.content };
  if (choice.id) message.menu_id = choice.id;
  say(message);
}

// The time stands above the first words and again after five quiet minutes.
function stamp(time) {
  const gap = Date.parse(time) - Date.parse(state.lastTime);
  state.lastTime = time;
  if (Math.abs(gap) < 300_000) return;
  $("talk").append(bubbles.note("time", `${time.slice(5, 7)}月${time.slice(8, 10)}日 ${Number(time.slice(11, 13))}${time.slice(13, 16)}`));
}

// Show the newest at the foot; of one that is taller than the screen, its first line.
function add(made) {
  const talk = $("talk");
  talk.append(made);
  if (state.waiting) talk.append(dots);
  const head = made.getBoundingClientRect().top - talk.getBoundingClientRect().top + talk.scrollTop;
  talk.scrollTop = Math.min(talk.scrollHeight - talk.clientHeight, head - 12);
}

// After a reset the person is unknown: begin again as a new one, else say what is wrong.
async function recover(fault, again) {
  if (fault.status === 404) await start();
  else complain(fault, again);
}

function complain(fault, again) {
  if (!(fault instanceof platform.Fault)) throw fault;
  if (!state.account) $("title").textContent = "没有接通";
  $("notice-text").textContent = fault.message;
  $("notice").hidden = false;
  $("again").onclick = () => {
    $("notice").hidden = true;
    again();
  };
}

async function poll() {
  if (document.hidden || $("talk").hidden) return;
  try {
    await catchUp();
  } catch (fault) {
    await recover(fault, poll);
  }
}

$("follow").addEventListener("click", follow);
$("type").addEventListener("submit", (event) => {
  event.preventDefault();
  const content = $("words").value.trim();
  if (!content) return;
  $("words").value = "";
  say({ type: "text", content });
});
startClock([$("now"), $("head-time")], [$("status-time")]);
setInterval(poll, POLL_MS);
start();
