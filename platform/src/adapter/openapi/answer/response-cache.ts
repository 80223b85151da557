import CachePolicy from 'http-cache-semantics';
import type { ExchangeAnswer } from '../../pinned-http/exchange.ts';

/** A request as the rules of caching see it. */
export interface CachedRequest {
  /** Tenant and credentials: what one may see is never given to another. */
  partition: string;
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
}

/** What the cache knows of a request. */
export type Found =
  | { kind: 'fresh'; answer: ExchangeAnswer }
  /** To be asked with these headers whether it still holds. */
  | { kind: 'stale'; headers: Readonly<Record<string, string>> }
  | { kind: 'none' };

interface Entry {
  policy: CachePolicy;
  answer: ExchangeAnswer;
  bytes: number;
}

const entryBytes = 1_000;

/**
 * Answers that their API allows to be kept (RFC 9111, as a private cache), up to a size: those that were not used for longest go first. A call
 * that changes something forgets all answers of its partition.
 */
export class ResponseCache {
  readonly #maxBytes: number;
  readonly #partitions = new Map<string, Map<string, Entry>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  find(request: CachedRequest): Found {
    const entries = this.#partitions.get(request.partition);
    const entry = entries?.get(request.url.href);
    if (!entries || !entry) return { kind: 'none' };
    entries.delete(request.url.href);
    entries.set(request.url.href, entry);
    const asked = describe(request);
    if (entry.policy.satisfiesWithoutRevalidation(asked)) return { kind: 'fresh', answer: entry.answer };
    const headers = entry.policy.revalidationHeaders(asked);
    const { 'if-none-match': tag, 'if-modified-since': since } = headers;
    if (tag === undefined && since === undefined) return { kind: 'none' };
    return {
      kind: 'stale',
      headers: Object.fromEntries(texts({ 'if-none-match': tag, 'if-modified-since': since })),
    };
  }

  /** Keeps an answer where that is allowed; gives what the caller shall see: the kept one when it still holds. */
  keep(request: CachedRequest, answer: ExchangeAnswer): ExchangeAnswer {
    const known = this.#partitions.get(request.partition)?.get(request.url.href);
    if (answer.status === 304 && known) {
      const { policy } = known.policy.revalidatedPolicy(describe(request), answer);
      this.#store(request, { ...known, policy });
      return known.answer;
    }
    const policy = new CachePolicy(describe(request), answer, { shared: false });
    this.#remove(request.partition, request.url.href);
    const isWhole = answer.bodyFault === null && answer.status !== 304;
    if (isWhole && policy.storable() && (policy.timeToLive() > 0 || answer.headers['etag'] !== undefined)) {
      this.#store(request, { policy, answer, bytes: entryBytes + answer.body.byteLength });
    }
    return answer;
  }

  /** Forgets what was kept under a partition. */
  forget(partition: string): void {
    const entries = this.#partitions.get(partition);
    if (!entries) return;
    for (const { bytes } of entries.values()) this.#bytes -= bytes;
    this.#partitions.delete(partition);
  }

  #store({ partition, url }: CachedRequest, entry: Entry): void {
    this.#remove(partition, url.href);
    if (entry.bytes > this.#maxBytes / 4) return;
    const entries = this.#partitions.get(partition) ?? new Map<string, Entry>();
    // The partition that was used last stands last, too.
    this.#partitions.delete(partition);
    this.#partitions.set(partition, entries.set(url.href, entry));
    this.#bytes += entry.bytes;
    while (this.#bytes > this.#maxBytes) this.#removeOldest();
  }

  #removeOldest(): void {
    for (const [partition, entries] of this.#partitions) {
      for (const [key] of entries) return this.#remove(partition, key);
    }
    this.#bytes = 0;
  }

  #remove(partition: string, key: string): void {
    const entries = this.#partitions.get(partition);
    const entry = entries?.get(key);
    if (!entries || !entry) return;
    entries.delete(key);
    this.#bytes -= entry.bytes;
    if (entries.size === 0) this.#partitions.delete(partition);
  }
}

function describe({ url, method, headers }: CachedRequest): CachePolicy.Request {
  return { url: url.href, method: method.toUpperCase(), headers: { host: url.host, ...headers } };
}

function texts(headers: CachePolicy.Headers): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
}
