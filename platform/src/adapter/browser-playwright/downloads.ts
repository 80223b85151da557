import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Download } from 'playwright-core';
import type { ProducedFile } from '../../port/tool.ts';

const most = 16;
const waitMs = 3_000;

/** Files that a window has downloaded, until somebody takes them. */
export class Downloads {
  readonly #note: (text: string) => void;
  #waiting: Download[] = [];
  #arrived: (() => void) | undefined;

  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  add(download: Download): void {
    const name = download.suggestedFilename().slice(0, 200);
    if (this.#waiting.length >= most) {
      this.#note(`${name} was not downloaded: ${most} files wait to be taken`);
      download.cancel().catch(() => undefined);
      return;
    }
    this.#waiting.push(download);
    this.#arrived?.();
    this.#note(`a download began: ${name}; take it with browser_download`);
  }

  /** Waits a moment for one where none has begun. */
  async take(maxBytes: number): Promise<ProducedFile[]> {
    if (this.#waiting.length === 0) await this.#oneWithin(waitMs);
    const taken = this.#waiting.splice(0);
    const files = await Promise.all(taken.map((download) => this.#read(download, maxBytes)));
    return files.flatMap((file) => file ?? []);
  }

  async #oneWithin(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#arrived = resolve;
    await promise;
    clearTimeout(timer);
  }

  async #read(download: Download, maxBytes: number): Promise<ProducedFile | undefined> {
    const name = download.suggestedFilename().slice(0, 200);
    const failure = await download.failure();
    const content = failure === null ? await readPlain(await download.path(), maxBytes) : undefined;
    if (content === undefined)
      this.#note(`${name} could not be downloaded: ${failure ?? `it is larger than ${maxBytes} bytes`}`);
    await download.delete().catch(() => undefined);
    return content && { name, mediaType: mediaTypeOf(name), content };
  }
}

/** The browser may have been taken over by a page: what it left is read only if it is a plain file, not a link to another one. */
async function readPlain(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const content = Buffer.alloc(stat.size);
    const { bytesRead } = await file.read(content, 0, stat.size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  pdf: 'application/pdf',
  html: 'text/html',
  xml: 'application/xml',
  zip: 'application/zip',
  png: 'image/png',
  jpg: 'image/jpeg',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

function mediaTypeOf(name: string): string {
  return mediaTypes[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
