/*
 * Stands between the platform and the browser on their pipes. A worker waits for its debugger before its first line runs. In that moment, before
 * anybody else hears of it and could let it run, what could send unseen is taken from it: WebSockets, whose messages are held back for pages and
 * could not be here, and workers of its own, whose requests nobody sees.
 */

/** Above the numbers that the platform gives to its own commands. */
const firstId = 1_500_000_000;

/** What such a message begins with: that of a target, or the answer to one of our own. Most messages are of no concern, and are not read. */
const concern = /^\{"(?:method":"Target\.attached|id":15\d{8}\D)/;

const takeWhatSends = `(() => {
  const refused = class {
    constructor() {
      throw new DOMException('WebSockets and workers of workers are not open in this browser', 'SecurityError');
    }
  };
  for (const name of ['WebSocket', 'WebSocketStream', 'Worker'])
    Object.defineProperty(globalThis, name, { value: refused, writable: false, configurable: false });
})()`;

/** Makes what reads messages of the browser: it is true for those that are for others. `send` gives the browser a command. */
export function makeWorkerWalls(send) {
  let lastId = firstId;
  return (text) => {
    if (!concern.test(text.slice(0, 60))) return true;
    const { id, method, params } = JSON.parse(text);
    if (id > firstId) return false;
    if (method !== 'Target.attachedToTarget' || params.targetInfo.type !== 'worker') return true;
    const { sessionId } = params;
    lastId += 1;
    send(
      JSON.stringify({
        id: lastId,
        sessionId,
        method: 'Runtime.evaluate',
        params: { expression: takeWhatSends },
      }),
    );
    return true;
  };
}
