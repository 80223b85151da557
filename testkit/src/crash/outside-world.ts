/**
 * The world that tools change, in the process of the test: a plain HTTP server that remembers every request. What it has
 * counted is true whatever the platform believes.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { BatutaError } from '@batuta/contract';

/** One request of a tool. */
export interface OutsideEffect {
  tool: string;
  runId: string;
  callId: string;
  idempotencyKey: string;
  /** True when the key had been seen before: a world that understands keys does nothing then. */
  repeated: boolean;
}

/** The outside world of a test. */
export interface OutsideWorld {
  url: string;
  /** Everything that has arrived, in order. */
  effects: readonly OutsideEffect[];
  /** Called when an effect has taken place and before it is answered; it may never end. */
  beforeAnswer: ((effect: OutsideEffect) => Promise<void> | undefined) | null;
  /** Ends when the caller of an effect of this tool has hung up without an answer. */
  hungUp(tool: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts an outside world on a free loopback port. */
export async function startOutsideWorld(): Promise<OutsideWorld> {
  const effects: OutsideEffect[] = [];
  const waiting: { tool: string; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const effect = remember(effects, request);
    response.once('close', () => {
      if (response.writableFinished) return;
      for (const each of waiting) if (each.tool === effect.tool) each.resolve();
    });
    // A test that fails in between leaves its caller without an answer.
    answer(world, effect, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const world: OutsideWorld = {
    url: addressOf(server.address()),
    effects,
    beforeAnswer: null,
    hungUp: (tool) => new Promise((resolve) => waiting.push({ tool, resolve })),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return world;
}

/** Does something in an outside world, as a tool. */
export async function act(
  outside: string,
  effect: Omit<OutsideEffect, 'repeated'>,
  signal: AbortSignal,
): Promise<string> {
  const { tool, runId, callId, idempotencyKey } = effect;
  const response = await fetch(`${outside}/${tool}/${runId}/${callId}`, {
    method: 'POST',
    headers: { 'idempotency-key': idempotencyKey },
    signal,
  });
  return response.text();
}

function remember(effects: OutsideEffect[], request: IncomingMessage): OutsideEffect {
  const [, tool = '', runId = '', callId = ''] = (request.url ?? '').split('/');
  const idempotencyKey = String(request.headers['idempotency-key'] ?? '');
  const repeated = effects.some((each) => each.idempotencyKey === idempotencyKey);
  const effect = { tool, runId, callId, idempotencyKey, repeated };
  effects.push(effect);
  return effect;
}

async function answer(world: OutsideWorld, effect: OutsideEffect, response: ServerResponse): Promise<void> {
  await world.beforeAnswer?.(effect);
  response.end(`${effect.tool} has happened`);
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  if (address !== null && typeof address === 'object') return `http://127.0.0.1:${address.port}`;
  throw new BatutaError('server-unreachable', { url: 'the outside world', reason: 'it has no port' });
}
