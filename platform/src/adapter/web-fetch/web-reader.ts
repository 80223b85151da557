import type { WebReader } from '../../port/web-document.ts';
import type { Resolve } from '../pinned-http/resolve-host.ts';
import { DocumentReader } from './document-reader.ts';
import { fetchDocument } from './fetch-document.ts';
import { PageCache } from './page-cache.ts';
import { RobotRules } from './robots.ts';

/** What a reader is made with. */
export interface WebReaderSettings {
  robots: 'obey' | 'ignore';
  maxBytes: number;
  readerMb: number;
  cacheMb: number;
  readSeconds: number;
  ports: readonly string[];
  allowPrivate: readonly string[];
  resolve?: Resolve;
}

const idleMs = 60_000;

/** Makes the reader of web documents. Nothing is started before the first document. */
export function makeWebReader(settings: WebReaderSettings, now: () => number): WebReader {
  const reader = new DocumentReader({
    memoryMb: settings.readerMb,
    readMs: settings.readSeconds * 1000,
    idleMs,
  });
  const cache = new PageCache(settings.cacheMb * 1_000_000);
  const robots = settings.robots === 'obey' ? new RobotRules(now) : null;
  const parts = { ...settings, reader, cache, robots };
  return {
    read: async (url, caller) => {
      const { document, address, mediaType } = await fetchDocument(parts, url, caller);
      return { address, mediaType, ...document };
    },
    close: () => reader.close(),
  };
}
