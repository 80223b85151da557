import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTransport, type Fetch } from '../../src/adapter/model-specification/http-transport.ts';

let server: Server;
let url: string;
let transport: Fetch;
/** What becomes of the requests, in order; the last one ever after. */
let plan: ('answer' | 'reset' | 'close')[];
let connections: Set<unknown>;
let requests: number;

beforeEach(async () => {
  connections = new Set();
  requests = 0;
  server = createServer((request, response) => {
    const step = plan[Math.min(requests, plan.length - 1)];
    requests += 1;
    connections.add(request.socket);
    if (step === 'answer') response.setHeader('content-type', 'text/plain').end('hello');
    else breakOff(request, step);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  transport = createTransport({ useProxy: false });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function breakOff({ socket }: IncomingMessage, step: 'reset' | 'close' | undefined): void {
  if (step === 'reset') socket.resetAndDestroy();
  else socket.destroy();
}

/** The text of the answer. Its connection is kept, and free for the next request, a turn of the event loop later. */
async function post(): Promise<string> {
  const response = await transport(url, { method: 'POST', headers: {}, body: '{}' });
  const text = await response.text();
  await nextTurn();
  await nextTurn();
  return text;
}

describe('a connection that was kept', () => {
  it.each(['reset', 'close'] as const)(
    'and is lost (%s) before an answer begins: the request is sent again',
    async (fault) => {
      plan = ['answer', fault, 'answer'];
      expect([await post(), await post()]).toEqual(['hello', 'hello']);
      expect([requests, connections.size]).toEqual([3, 2]);
    },
  );

  it('is used again while it lasts', async () => {
    plan = ['answer'];
    expect([await post(), await post(), await post()]).toEqual(['hello', 'hello', 'hello']);
    expect([requests, connections.size]).toEqual([3, 1]);
  });

  it('is no reason to send a request a third time', async () => {
    plan = ['answer', 'close', 'close'];
    await post();
    await expect(post()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
    expect(requests).toBe(3);
  });
});

describe('a new connection', () => {
  it.each(['reset', 'close'] as const)(
    'that is lost (%s) is an error: somebody may have read the request',
    async (fault) => {
      plan = [fault];
      await expect(post()).rejects.toMatchObject({
        code: fault === 'reset' ? 'ECONNRESET' : 'UND_ERR_SOCKET',
      });
      expect(requests).toBe(1);
    },
  );
});

it('gives up a request whose signal aborts, with its reason', async () => {
  plan = ['answer'];
  const reason = new TypeError('enough');
  const sent = transport(url, { method: 'POST', headers: {}, body: '{}', signal: AbortSignal.abort(reason) });
  await expect(sent).rejects.toBe(reason);
});
