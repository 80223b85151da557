import { BatutaError } from '@batuta/contract';
import type { z } from 'zod';
import { exchange, type ExchangeAnswer } from '../pinned-http/exchange.ts';

/** A question as an engine wants it. */
export interface EngineRequest {
  engine: string;
  url: URL;
  headers?: Record<string, string>;
  /** Sent by POST. */
  body?: object;
  /** What mends it when the engine refuses the key. */
  key: string;
}

const maxBytes = 2_000_000;

/** Asks an engine and reads its answer. Its address was configured by the operator, so it may be of this network. */
export async function askEngine<S extends z.ZodType>(
  { engine, url, headers = {}, body, key }: EngineRequest,
  { schema, signal }: { schema: S; signal: AbortSignal },
): Promise<z.output<S>> {
  const failed = (reason: string, hint = '', cause?: unknown) =>
    new BatutaError('search-failed', { engine, reason, hint }, { cause });
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const request = {
    url,
    method: body === undefined ? 'GET' : 'POST',
    headers: { accept: 'application/json', 'user-agent': 'Batuta/0.1 (web_search)', ...json, ...headers },
    body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
    signal,
  };
  const answer = await exchange(request, { allowPrivate: [url.hostname], maxBytes }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw failed(error instanceof Error ? error.message : String(error), '', error);
    },
  );
  const fault = faultOf(answer, key);
  if (fault) throw failed(fault.reason, fault.hint);
  const parsed = schema.safeParse(parseJson(answer.body.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw failed('its answer is not in the form that it is documented to have', ' Check its address.');
}

function faultOf(
  { status, bodyFault, body }: ExchangeAnswer,
  key: string,
): { reason: string; hint: string } | undefined {
  if (status === 401 || status === 403)
    return { reason: `it refused the key (${status})`, hint: ` Check ${key}.` };
  if (status === 429)
    return { reason: 'too many questions (429)', hint: ' Wait a moment before you ask again.' };
  if (status !== 200) return { reason: `it answered ${status}: ${body.toString('utf8', 0, 200)}`, hint: '' };
  return bodyFault === null ? undefined : { reason: bodyFault, hint: '' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
