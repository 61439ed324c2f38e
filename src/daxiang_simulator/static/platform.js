// What the page asks of the simulator. Every failure is a Fault with one sentence for the person.

export class Fault extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

async function call(path, body, method = body === undefined ? "GET" : "POST") {
  const options = { method };
  if (body !== undefined) options.body = JSON.stringify(body);
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Fault("没连上模拟器，看看它是不是在运行。", 0);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Fault(answer.error || "模拟器答不上来，过一会儿再试。", response.status);
  return answer;
}

const of = (user, verb, query = {}) => `/_sim/users/${encodeURIComponent(user)}/${verb}${asked(query)}`;

function asked(query) {
  const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return kept.length ? `?${new URLSearchParams(kept)}` : "";
}

export const config = () => call("/_sim/phone/config");

// People
export const people = async () => (await call("/_sim/phone/people")).people;
export const codes = async () => (await call("/_sim/phone/codes")).codes;
export const person = (user) => call(`/_sim/users/${encodeURIComponent(user)}`);
export const create = (wish) => call("/_sim/phone/people", { wish });
export const freeName = async () => (await call("/_sim/phone/name")).name;
export const follow = (user, account) => call(of(user, "follow"), { account });
export const unfollow = (user, account) => call(of(user, "unfollow"), { account });

// Chats
export const chats = async (user) => (await call(of(user, "chats"))).chats;
export const read = (user, account, id) => call(of(user, "read"), { account, id });
export const thread = async (user, account, query) => (await call(of(user, "thread", { account, ...query }))).thread;
export const behind = (user, id) => call(of(user, `thread/${encodeURIComponent(id)}`));
export const menu = async (user, account) => (await call(of(user, "menu", { account }))).menu;
export const send = (user, account, message) => call(of(user, "send"), { account, message });
export const tap = (user, account, body) => call(of(user, "tap"), { account, ...body });
export const scan = (user, body) => call(of(user, "scan"), body);
export const notices = async (user, account) => (await call(of(user, "notices", { account }))).notices;
export const consent = (user, account, body) => call(of(user, "consent"), { account, ...body });
export const authorize = (user, url, accept) => call(of(user, "authorize"), { url, accept });

// A picture, voice or video of the person's own: the bytes go as they are.
export async function upload(user, account, kind, file) {
  const response = await fetch(of(user, "media", { account, type: kind }), { method: "POST", body: file }).catch(() => null);
  const answer = response ? await response.json().catch(() => ({})) : {};
  if (!response?.ok) throw new Fault(answer.error || "这个文件没有传上去。", response?.status ?? 0);
  return answer;
}

// The desk
export const clock = () => call("/_sim/clock");
export const setClock = (change) => call("/_sim/clock", change);
export const faults = async () => (await call("/_sim/faults")).faults;
export const addFault = (fault) => call("/_sim/faults", fault);
export const liftFault = (id) => call(`/_sim/faults${asked({ id })}`, undefined, "DELETE");
