import { BatutaError } from '@batuta/contract';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../../port/webhook-sender.ts';
import {
  addressesOf,
  findForbidden,
  resolveByDns,
  type Resolve,
  type ResolvedAddress,
} from '../pinned-http/resolve-host.ts';
import { untilAborted } from '../pinned-http/until-aborted.ts';

/** Where webhooks may be. */
export interface WebhookHttpOptions {
  /** Hosts, or host:port, that may be on a private address and without TLS; `*`: all. */
  allowPrivate: readonly string[];
  resolve?: Resolve;
}

/** Sends webhooks over HTTP. Each request has a connection of its own, to an address that was checked for just this request. */
export function makeWebhookSender(options: WebhookHttpOptions): WebhookSender {
  const { resolve = resolveByDns } = options;

  function isTrusted(url: URL): boolean {
    return [url.hostname, url.host, '*'].some((name) => options.allowPrivate.includes(name));
  }

  function faultOf(text: string): string | undefined {
    const url = URL.parse(text);
    if (!url || !['http:', 'https:'].includes(url.protocol)) return 'must be an https address';
    if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
    if (url.protocol === 'http:' && !isTrusted(url))
      return 'must begin with https://, unless webhook.allow_private names its host';
    return undefined;
  }

  async function admit(url: URL): Promise<ResolvedAddress[]> {
    const addresses = await addressesOf(url, resolve).catch((error: unknown) => {
      throw undelivered(`the host ${url.hostname} was not found`, error);
    });
    if (addresses.length === 0) throw undelivered(`the host ${url.hostname} has no address`);
    const forbidden = isTrusted(url) ? undefined : findForbidden(url, addresses);
    if (forbidden !== undefined) throw new BatutaError('address-forbidden', { address: forbidden });
    return addresses;
  }

  return {
    faultOf,
    async send(request) {
      const fault = faultOf(request.url);
      if (fault !== undefined) throw undelivered(`the address ${fault}`);
      const url = new URL(request.url);
      const addresses = await untilAborted(admit(url), request.signal);
      return await post(url, request, addresses);
    },
  };
}

async function post(
  url: URL,
  { headers, body, signal }: WebhookRequest,
  addresses: readonly ResolvedAddress[],
): Promise<WebhookAnswer> {
  // Loaded with the first delivery: most platforms have no webhook.
  const { request } = await import('undici');
  const { connectOnlyTo } = await import('../pinned-http/connect-only-to.ts');
  const dispatcher = connectOnlyTo(addresses);
  try {
    const sent = { ...headers, 'user-agent': 'Batuta/0.1 (webhooks)' };
    const answer = await request(url, { method: 'POST', dispatcher, signal, headers: sent, body });
    // Nothing in the body matters, and it may never end.
    answer.body.on('error', () => undefined).destroy();
    const { 'retry-after': retryAfter } = answer.headers;
    return { status: answer.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null };
  } catch (error) {
    signal.throwIfAborted();
    throw undelivered(reasonOf(error), error);
  } finally {
    await dispatcher.destroy();
  }
}

function undelivered(reason: string, cause?: unknown): BatutaError<'webhook-undelivered'> {
  return new BatutaError('webhook-undelivered', { reason }, { cause });
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
