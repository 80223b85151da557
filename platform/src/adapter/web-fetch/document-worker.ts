import { parentPort } from 'node:worker_threads';
import type { DocumentAnswer, DocumentQuestion, ReadDocument } from './document.ts';

/**
 * Reads documents in a thread of its own, which its owner gives little memory and ends when it takes too long: what others wrote can ask for
 * more of both than any check could foresee. Each reader is loaded with the first document of its kind.
 */

const mostPdfPages = 2_000;

/** More than is read. */
class TooLarge extends Error {}

const readers: Readonly<
  Record<DocumentQuestion['kind'], (question: DocumentQuestion) => Promise<ReadDocument>>
> = {
  html: async ({ content, address, charset }) => {
    const { readHtml } = await import('./read-html.ts');
    return readHtml(textOf(content, charset), address);
  },
  pdf: async ({ content }) => {
    const { extractText, getDocumentProxy, getMeta } = await import('unpdf');
    const pdf = await getDocumentProxy(new Uint8Array(content));
    if (pdf.numPages > mostPdfPages) throw new TooLarge(`it has more than ${mostPdfPages} pages`);
    const { info } = await getMeta(pdf).catch(() => ({ info: {} as Record<string, unknown> }));
    const { text } = await extractText(pdf);
    const title = 'Title' in info && typeof info['Title'] === 'string' ? info['Title'] : '';
    return { title, pages: text, unit: 'page' };
  },
  docx: async ({ content }) => {
    const { default: mammoth } = await import('mammoth');
    const { JSDOM } = await import('jsdom');
    const { toMarkdown } = await import('./read-html.ts');
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(content) },
      { includeDefaultStyleMap: true },
    );
    return { title: '', pages: [toMarkdown(value, new JSDOM('').window.document)], unit: null };
  },
  pptx: async ({ content }) => (await import('./read-office.ts')).readPptx(content),
  xlsx: async ({ content }) => (await import('./read-office.ts')).readXlsx(content),
  odt: async ({ content }) => (await import('./read-office.ts')).readOdt(content),
};

/** Bytes of a page as text: in the charset of its header, else of the page itself, else UTF-8. */
function textOf(content: Uint8Array, charset: string | undefined): string {
  const start = Buffer.from(content.subarray(0, 1024)).toString('latin1');
  const declared = charset ?? /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(start)?.[1];
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(content);
  } catch {
    return new TextDecoder('utf-8').decode(content);
  }
}

async function answer(question: DocumentQuestion): Promise<DocumentAnswer> {
  try {
    return { ok: true, document: await readers[question.kind](question) };
  } catch (error) {
    return { ok: false, reason: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  }
}

parentPort?.on('message', (question: DocumentQuestion) => {
  void answer(question).then((said) => parentPort?.postMessage(said, []));
});
