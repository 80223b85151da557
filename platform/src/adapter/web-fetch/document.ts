/** A document as it is handed to the thread that reads it. */
export interface DocumentQuestion {
  kind: 'html' | 'pdf' | 'docx' | 'pptx' | 'xlsx' | 'odt';
  content: Uint8Array;
  /** For links. */
  address: string;
  /** Of a page, where its server has said it. */
  charset: string | undefined;
}

/** A document as text. */
export interface ReadDocument {
  title: string;
  /** One text for each page of a PDF, slide or sheet; one alone for what has no pages. */
  pages: readonly string[];
  /** What the pages are, in the document's own words. */
  unit: 'page' | 'slide' | 'sheet' | null;
}

/** What the thread answers. */
export type DocumentAnswer = { ok: true; document: ReadDocument } | { ok: false; reason: string };
