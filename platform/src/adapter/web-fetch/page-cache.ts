import type { ReadDocument } from './document.ts';

/** A document that was read. */
export interface KeptPage {
  address: string;
  mediaType: string;
  document: ReadDocument;
  /** Milliseconds since the epoch until which it is fresh. */
  freshUntil: number;
  etag: string | undefined;
  lastModified: string | undefined;
}

const longestMs = 86_400_000;

/** Read documents of all tenants, each tenant's for itself, up to a size; what was used longest ago goes first. */
export class PageCache {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, { page: KeptPage; bytes: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(tenantId: string, url: URL): KeptPage | undefined {
    const key = keyOf(tenantId, url);
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.page;
  }

  set(tenantId: string, url: URL, page: KeptPage): void {
    const key = keyOf(tenantId, url);
    this.#drop(key);
    const bytes = page.document.pages.reduce((sum, text) => sum + text.length * 2, 500);
    if (bytes > this.#maxBytes / 4) return;
    this.#kept.set(key, { page, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const found = this.#kept.get(key);
    if (!found) return;
    this.#bytes -= found.bytes;
    this.#kept.delete(key);
  }
}

function keyOf(tenantId: string, url: URL): string {
  const address = new URL(url);
  address.hash = '';
  return `${tenantId} ${address.href}`;
}

/** How long an answer may be given again without asking, by its headers; undefined: it may not be kept at all. */
export function freshFor(headers: Readonly<Record<string, string>>, usualMs: number): number | undefined {
  const control = (headers['cache-control'] ?? '').toLowerCase();
  const isPersonal = headers['set-cookie'] !== undefined || headers['vary'] === '*';
  if (isPersonal || /no-store|private/.test(control)) return undefined;
  if (control.includes('no-cache')) return 0;
  const seconds = /(?:s-maxage|max-age)=(\d+)/.exec(control)?.[1];
  return seconds === undefined ? untilExpiry(headers, usualMs) : Math.min(Number(seconds) * 1000, longestMs);
}

function untilExpiry({ expires = '', date = '' }: Readonly<Record<string, string>>, usualMs: number): number {
  const ms = Date.parse(expires) - Date.parse(date);
  return Number.isFinite(ms) ? Math.max(0, Math.min(ms, longestMs)) : usualMs;
}
