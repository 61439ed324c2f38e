// What the page asks of the simulator. Every failure is a Fault with one sentence for the person.

export class Fault extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

async function call(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
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

const act = (user, verb) => `/_sim/users/${encodeURIComponent(user)}/${verb}`;

export const config = () => call("/_sim/phone/config");
export const clock = () => call("/_sim/clock");
export const create = (nickname) => call("/_sim/users", { nickname });
export const person = (user) => call(`/_sim/users/${encodeURIComponent(user)}`);
export const follow = (user, account) => call(act(user, "follow"), { account });
export const send = (user, account, message) => call(act(user, "send"), { account, message });
export const thread = (user, account, after) =>
  call(`${act(user, "thread")}?account=${encodeURIComponent(account)}&after=${after}`).then((said) => said.thread);
