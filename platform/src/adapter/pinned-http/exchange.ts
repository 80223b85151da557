import { BatutaError } from '@batuta/contract';
import type { Dispatcher } from 'undici';
import type { HostAddress } from '../../port/tool.ts';
import { isPublicAddress } from './public-address.ts';
import { acceptedEncodings, readBody } from './read-body.ts';
import {
  addressesOf,
  findForbidden,
  resolveByDns,
  type Resolve,
  type ResolvedAddress,
} from './resolve-host.ts';
import { untilAborted } from './until-aborted.ts';

/** One request to one address. */
export interface ExchangeRequest {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
  signal: AbortSignal;
}

/** What came back. */
export interface ExchangeAnswer {
  status: number;
  /** Names in lower case; several of one name are joined by a comma. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** The answer was given, and its content could not be read to its end. */
  bodyFault: string | null;
}

/** Where requests may go. */
export interface ExchangeRules {
  /** Hosts, or host:port, whose address need not be public. */
  allowPrivate: readonly string[];
  maxBytes: number;
  /** Asked before a name is looked up, and again with its addresses. */
  mayReach?: (url: URL, addresses?: readonly HostAddress[]) => void;
  resolve?: Resolve;
}

/** A request that got no answer. `sent`: it may have reached the server. */
export class NoAnswer extends Error {
  readonly sent: boolean;

  constructor(reason: string, options: { sent: boolean; cause: unknown }) {
    super(reason, { cause: options.cause });
    this.sent = options.sent;
  }
}

/**
 * Sends one request, to addresses that were checked for just this request, and reads its answer; redirects are answers. Errors: `NoAnswer`,
 * `address-forbidden`, and what `mayReach` throws.
 */
export async function exchange(request: ExchangeRequest, rules: ExchangeRules): Promise<ExchangeAnswer> {
  const { url, signal } = request;
  refuseOther(url);
  rules.mayReach?.(url);
  const addresses = await untilAborted(admit(url, rules), signal);
  rules.mayReach?.(url, addresses.map(toHostAddress));
  // Loaded with the first request: the start must not wait for an HTTP client that it may never need.
  const { connectOnlyTo } = await import('./connect-only-to.ts');
  const dispatcher = connectOnlyTo(addresses);
  let isConnected = false;
  dispatcher.on('connect', () => (isConnected = true));
  try {
    return await send(request, { dispatcher, maxBytes: rules.maxBytes });
  } catch (error) {
    signal.throwIfAborted();
    throw new NoAnswer(reasonOf(error), { sent: isConnected, cause: error });
  } finally {
    await dispatcher.destroy();
  }
}

function refuseOther({ protocol, username, password }: URL): void {
  const fault =
    protocol !== 'http:' && protocol !== 'https:'
      ? `only http and https addresses can be called, not ${protocol.slice(0, 32)}`
      : 'addresses with a user name or password are not called';
  if ((protocol === 'http:' || protocol === 'https:') && username === '' && password === '') return;
  throw new NoAnswer(fault, { sent: false, cause: undefined });
}

async function admit(url: URL, rules: ExchangeRules): Promise<ResolvedAddress[]> {
  const addresses = await addressesOf(url, rules.resolve ?? resolveByDns).catch((error: unknown) => {
    throw new NoAnswer(`the host ${url.hostname} was not found`, { sent: false, cause: error });
  });
  if (addresses.length === 0) {
    throw new NoAnswer(`the host ${url.hostname} has no address`, { sent: false, cause: undefined });
  }
  const isTrusted = rules.allowPrivate.includes(url.hostname) || rules.allowPrivate.includes(url.host);
  const forbidden = isTrusted ? undefined : findForbidden(url, addresses);
  if (forbidden !== undefined) throw new BatutaError('address-forbidden', { address: forbidden });
  return addresses;
}

async function send(
  { url, method, headers, body, signal }: ExchangeRequest,
  { dispatcher, maxBytes }: { dispatcher: Dispatcher; maxBytes: number },
): Promise<ExchangeAnswer> {
  const { request } = await import('undici');
  const answer = await request(url, {
    dispatcher,
    signal,
    method,
    headers: { 'accept-encoding': acceptedEncodings, ...headers },
    body,
  });
  const received = Object.entries(answer.headers).map(([name, value]) => [name, joined(value)] as const);
  const read = Object.fromEntries(received);
  const encoding = read['content-encoding'] ?? '';
  const limits = { encoding, maxBytes, what: 'the answer', fail: (reason: string) => new BodyFault(reason) };
  const whole = { status: answer.statusCode, headers: read };
  try {
    return { ...whole, body: await readBody(answer.body, limits), bodyFault: null };
  } catch (error) {
    signal.throwIfAborted();
    return { ...whole, body: Buffer.alloc(0), bodyFault: reasonOf(error) };
  }
}

/** An answer's content that is too large or packed in an unknown way. */
class BodyFault extends Error {}

function joined(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

/** What the rules judge are the addresses that the connection is made to. */
function toHostAddress({ address }: ResolvedAddress): HostAddress {
  return { address, isPublic: isPublicAddress(address) };
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
