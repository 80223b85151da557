import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { exchange, NoAnswer, type ExchangeAnswer, type ExchangeRules } from '../pinned-http/exchange.ts';

/** A document as it was read, and what tells whether it has changed since. */
export interface LoadedDocument {
  content: Uint8Array;
  /** ETag, or size and time of a file. */
  version: string | null;
  /** Where it was read; null: from a file. */
  address: URL | null;
}

/** Why a document cannot be read. */
export class UnreadableDocument extends Error {}

/** Where documents are read. */
export interface DocumentPlace {
  projectFolder: string;
  rules: ExchangeRules;
  signal: AbortSignal;
}

const mostRedirects = 5;

/** Reads the document of an API; null when it is the version that is known. Throws `UnreadableDocument`, `address-forbidden`. */
export async function loadDocument(
  location: string,
  known: string | null,
  place: DocumentPlace,
): Promise<LoadedDocument | null> {
  return /^https?:\/\//i.test(location)
    ? await download(location, known, place)
    : await readLocal(location, known, place);
}

async function readLocal(
  file: string,
  known: string | null,
  { projectFolder, rules }: DocumentPlace,
): Promise<LoadedDocument | null> {
  const whole = path.resolve(projectFolder, file);
  try {
    const { size, mtimeMs } = await stat(whole);
    const version = `${size} ${mtimeMs}`;
    if (version === known) return null;
    if (size > rules.maxBytes) throw tooLarge(size, rules);
    return { content: await readFile(whole), version, address: null };
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason =
      code === 'ENOENT' ? `there is no file ${file} in the project folder` : `${file}: ${reasonOf(error)}`;
    throw new UnreadableDocument(reason, { cause: error });
  }
}

async function download(
  location: string,
  known: string | null,
  { rules, signal }: DocumentPlace,
): Promise<LoadedDocument | null> {
  const first = URL.parse(location);
  if (!first) throw new UnreadableDocument(`${location.slice(0, 200)} is no address`);
  let url = first;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await askFor(url, known, { rules, signal });
    if (answer.status === 304 && known !== null) return null;
    const next = nextAddress(answer, url);
    if (!next) return documentOf(answer, url);
    url = next;
  }
  throw new UnreadableDocument(`${location} redirects more than ${mostRedirects} times`);
}

function nextAddress({ status, headers }: ExchangeAnswer, from: URL): URL | null {
  const { location } = headers;
  return status >= 300 && status < 400 && location !== undefined ? URL.parse(location, from) : null;
}

function documentOf({ status, headers, body, bodyFault }: ExchangeAnswer, address: URL): LoadedDocument {
  if (status !== 200) throw new UnreadableDocument(`${address.href} answered ${status}`);
  if (bodyFault !== null) throw new UnreadableDocument(`${address.href}: ${bodyFault}`);
  return { content: body, version: headers['etag'] ?? null, address };
}

async function askFor(
  url: URL,
  known: string | null,
  { rules, signal }: Pick<DocumentPlace, 'rules' | 'signal'>,
) {
  const headers = {
    accept: 'application/json, application/yaml, text/yaml, */*;q=0.5',
    'user-agent': 'Batuta/0.1 (openapi)',
    ...(known === null ? {} : { 'if-none-match': known }),
  };
  try {
    return await exchange({ url, method: 'GET', headers, body: null, signal }, rules);
  } catch (error) {
    if (error instanceof NoAnswer)
      throw new UnreadableDocument(`${url.href}: ${error.message}`, { cause: error });
    throw error;
  }
}

function tooLarge(size: number, { maxBytes }: ExchangeRules): UnreadableDocument {
  return new UnreadableDocument(`it has ${size} bytes, more than openapi.document_max_bytes (${maxBytes})`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
