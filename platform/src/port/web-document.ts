import type { ToolContext } from './tool.ts';

/** A document of the web as text. */
export interface WebDocument {
  /** Where it really was, after redirects. */
  address: string;
  mediaType: string;
  title: string;
  /** One text for each page, slide or sheet; one alone for what has none. */
  pages: readonly string[];
  unit: 'page' | 'slide' | 'sheet' | null;
}

/** Reads documents of the web. */
export interface WebReader {
  /** Errors: `tool-failed`, `document-unreadable`, `address-forbidden`, `address-refused`. */
  read(
    url: URL,
    caller: Pick<ToolContext, 'tenantId' | 'mayReach' | 'now'> & { signal: AbortSignal },
  ): Promise<WebDocument>;
  close(): Promise<void>;
}
