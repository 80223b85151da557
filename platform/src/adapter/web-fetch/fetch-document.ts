import { BatutaError } from '@batuta/contract';
import type { ToolContext } from '../../port/tool.ts';
import { exchange, type ExchangeAnswer } from '../pinned-http/exchange.ts';
import type { Resolve } from '../pinned-http/resolve-host.ts';
import type { DocumentReader } from './document-reader.ts';
import type { DocumentQuestion, ReadDocument } from './document.ts';
import { freshFor, type KeptPage, type PageCache } from './page-cache.ts';
import type { RobotRules } from './robots.ts';

/** What fetching goes by. */
export interface FetchParts {
  reader: DocumentReader;
  cache: PageCache;
  /** Null: sites are not asked. */
  robots: RobotRules | null;
  maxBytes: number;
  ports: readonly string[];
  allowPrivate: readonly string[];
  resolve?: Resolve;
}

type Caller = Pick<ToolContext, 'tenantId' | 'mayReach' | 'now'> & { signal: AbortSignal };

/** A document that was fetched, or kept from an earlier time. */
export type FetchedPage = Pick<KeptPage, 'address' | 'mediaType' | 'document'>;

const mostRedirects = 5;
/** How long a page is kept that says nothing about it. */
const usualMs = 300_000;

/** Fetches a document and reads it. Errors: `tool-failed`, `document-unreadable`, `address-forbidden`, `address-refused`. */
export async function fetchDocument(parts: FetchParts, first: URL, caller: Caller): Promise<FetchedPage> {
  let url = first;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const kept = parts.cache.get(caller.tenantId, url);
    if (kept) caller.mayReach(url);
    if (kept && kept.freshUntil > caller.now()) return kept;
    if (parts.robots && !(await parts.robots.allows(url, (address) => getRobots(parts, address, caller)))) {
      throw failed(
        `robots.txt of ${url.host} asks programs not to read this address (BATUTA_WEB_ROBOTS=ignore reads it)`,
      );
    }
    const answer = await get(parts, { url, kept }, caller);
    const next = redirectOf(answer, url);
    if (next === undefined) return await readAnswer(parts, { url, answer, kept }, caller);
    url = next;
  }
  throw failed(`there were more than ${mostRedirects} redirects, the last to ${url.href.slice(0, 300)}`);
}

async function get(
  { ports, ...parts }: FetchParts,
  { url, kept }: { url: URL; kept?: KeptPage | undefined },
  { signal, mayReach }: Caller,
): Promise<ExchangeAnswer> {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const isTrusted = parts.allowPrivate.includes(url.host) || parts.allowPrivate.includes(url.hostname);
  if (!isTrusted && !ports.includes(port))
    throw failed(`port ${port} may not be fetched from; allowed are ${ports.join(', ')}`);
  const headers = {
    accept: 'text/html, application/xhtml+xml, application/pdf, text/*;q=0.9, */*;q=0.5',
    'user-agent': 'Batuta/0.1 (web_fetch)',
    ...(kept?.etag ? { 'if-none-match': kept.etag } : {}),
    ...(kept?.lastModified ? { 'if-modified-since': kept.lastModified } : {}),
  };
  return await exchange({ url, method: 'GET', headers, body: null, signal }, { ...parts, mayReach }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw BatutaError.is(error)
        ? error
        : failed(error instanceof Error ? error.message : String(error), error);
    },
  );
}

/** A site that cannot be reached for its rules cannot be reached for its page either, which says so better. */
async function getRobots(parts: FetchParts, first: URL, caller: Caller): Promise<ExchangeAnswer> {
  let url = first;
  for (let redirects = 0; redirects < 3; redirects += 1) {
    const answer = await get(parts, { url }, caller);
    const next = redirectOf(answer, url);
    if (next === undefined) return answer;
    url = next;
  }
  return { status: 404, headers: {}, body: Buffer.alloc(0), bodyFault: null };
}

function redirectOf({ status, headers }: ExchangeAnswer, from: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const next = URL.parse(location, from);
  if (next === null) throw failed(`it redirects to "${location.slice(0, 200)}", which is no address`);
  return next;
}

async function readAnswer(
  parts: FetchParts,
  { url, answer, kept }: { url: URL; answer: ExchangeAnswer; kept: KeptPage | undefined },
  caller: Caller,
): Promise<FetchedPage> {
  const fresh = freshFor(answer.headers, usualMs);
  if (answer.status === 304 && kept) {
    const renewed = { ...kept, freshUntil: caller.now() + (fresh ?? 0) };
    parts.cache.set(caller.tenantId, url, renewed);
    return renewed;
  }
  if (answer.status >= 400) throw failed(`${url.href.slice(0, 300)} answered ${answer.status}`);
  if (answer.bodyFault !== null) throw failed(answer.bodyFault);
  const mediaType = mediaTypeOf(answer);
  const document = await readBytes(parts, { url, answer, mediaType });
  const page: KeptPage = {
    address: url.href,
    mediaType,
    document,
    freshUntil: caller.now() + (fresh ?? 0),
    etag: answer.headers['etag'],
    lastModified: answer.headers['last-modified'],
  };
  if (fresh !== undefined) parts.cache.set(caller.tenantId, url, page);
  return page;
}

function mediaTypeOf({ headers }: ExchangeAnswer): string {
  const [essence = ''] = (headers['content-type'] ?? 'text/plain').split(';');
  return essence.trim().toLowerCase();
}

async function readBytes(
  { reader }: FetchParts,
  { url, answer, mediaType }: { url: URL; answer: ExchangeAnswer; mediaType: string },
): Promise<ReadDocument> {
  const content = answer.body;
  const kind = kindOf(mediaType, content, url);
  const charset = /charset="?([\w-]+)/i.exec(answer.headers['content-type'] ?? '')?.[1];
  if (kind === 'text') return { title: '', pages: [content.toString('utf8')], unit: null };
  if (kind !== undefined)
    return await reader.read({ kind, content: new Uint8Array(content), address: url.href, charset });
  throw new BatutaError('document-unreadable', {
    address: url.href.slice(0, 300),
    reason: `its kind, ${mediaType.slice(0, 100)}, cannot be read as text`,
  });
}

const kinds: Readonly<Record<string, DocumentQuestion['kind']>> = {
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.oasis.opendocument.text': 'odt',
};

/** By what the server says; by the content and the name where it says nothing. */
function kindOf(
  mediaType: string,
  content: Buffer,
  { pathname }: URL,
): DocumentQuestion['kind'] | 'text' | undefined {
  const known = kinds[mediaType];
  if (known) return known;
  if (/^text\/|[/+](?:json|xml|yaml|javascript|x-ndjson)$/.test(mediaType)) return 'text';
  if (content.subarray(0, 5).toString('latin1') === '%PDF-') return 'pdf';
  const isArchive = content.subarray(0, 2).toString('latin1') === 'PK';
  const ending = /\.(docx|pptx|xlsx|odt)$/i.exec(pathname)?.[1]?.toLowerCase();
  return isArchive ? (['docx', 'pptx', 'xlsx', 'odt'] as const).find((each) => each === ending) : undefined;
}

function failed(reason: string, cause?: unknown): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'web_fetch', reason }, { cause });
}
