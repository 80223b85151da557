import { Parser } from 'htmlparser2';
import type { ReadDocument } from './document.ts';
import { ZipEntries } from './zip-entries.ts';

const maxBytes = 30_000_000;
const mostPages = 2_000;

/** Slides of a presentation. */
export function readPptx(content: Uint8Array): ReadDocument {
  const entries = new ZipEntries(content, maxBytes);
  const slides = numbered(entries, /^ppt\/slides\/slide(\d+)\.xml$/);
  return {
    title: titleOf(entries),
    pages: slides.map((name) => paragraphs(entries.text(name), 'a:t', 'a:p')),
    unit: 'slide',
  };
}

/** A text document of OpenDocument. */
export function readOdt(content: Uint8Array): ReadDocument {
  const entries = new ZipEntries(content, maxBytes);
  return { title: '', pages: [odtText(entries.text('content.xml'))], unit: null };
}

/** Sheets of a workbook, each as comma-separated values. */
export function readXlsx(content: Uint8Array): ReadDocument {
  const entries = new ZipEntries(content, maxBytes);
  const shared = sharedTexts(entries.text('xl/sharedStrings.xml'));
  const sheets = numbered(entries, /^xl\/worksheets\/sheet(\d+)\.xml$/);
  return {
    title: titleOf(entries),
    pages: sheets.map((name) => sheetText(entries.text(name), shared)),
    unit: 'sheet',
  };
}

function numbered(entries: ZipEntries, pattern: RegExp): string[] {
  const found = entries.names().flatMap((name) => {
    const number = pattern.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
  return found
    .toSorted((a, b) => a.number - b.number)
    .slice(0, mostPages)
    .map(({ name }) => name);
}

function titleOf(entries: ZipEntries): string {
  return paragraphs(entries.text('docProps/core.xml'), 'dc:title', 'dc:title').trim();
}

/** The texts of elements, a line for each element around them. */
function paragraphs(xml: string, textName: string, lineName: string): string {
  let text = '';
  let depth = 0;
  walk(xml, {
    onopentagname: (name) => void (depth += name === textName ? 1 : 0),
    ontext: (piece) => void (text += depth > 0 ? piece : ''),
    onclosetag: (name) => {
      if (name === textName) depth -= 1;
      if (name === lineName) text += '\n';
    },
  });
  return text.replaceAll(/\n{2,}/g, '\n').trim();
}

function odtText(xml: string): string {
  let text = '';
  let inBody = false;
  walk(xml, {
    onopentagname: (name) => {
      if (name === 'office:text') inBody = true;
      if (name === 'text:h') text += '\n## ';
      if (name === 'text:tab' || name === 'table:table-cell') text += '\t';
    },
    ontext: (piece) => void (text += inBody ? piece : ''),
    onclosetag: (name) =>
      void (text += name === 'text:p' || name === 'text:h' || name === 'table:table-row' ? '\n' : ''),
  });
  return text.replaceAll(/\n{3,}/g, '\n\n').trim();
}

function sharedTexts(xml: string): string[] {
  const texts: string[] = [];
  let current = '';
  let isText = false;
  walk(xml, {
    onopentagname: (name) => {
      if (name === 'si') current = '';
      isText = name === 't';
    },
    ontext: (piece) => void (current += isText ? piece : ''),
    onclosetag: (name) => {
      if (name === 't') isText = false;
      if (name === 'si') texts.push(current);
    },
  });
  return texts;
}

function sheetText(xml: string, shared: readonly string[]): string {
  const rows: string[][] = [];
  let cell = { column: 0, kind: '', text: '' };
  let isValue = false;
  walk(xml, {
    onopentag: (name, attributes) => {
      if (name === 'row') rows.push([]);
      if (name === 'c')
        cell = {
          column: columnOf(attributes['r'] ?? '', rows.at(-1)?.length ?? 0),
          kind: attributes['t'] ?? '',
          text: '',
        };
      isValue = name === 'v' || name === 't';
    },
    ontext: (piece) => void (cell.text += isValue ? piece : ''),
    onclosetag: (name) => {
      if (name === 'v' || name === 't') isValue = false;
      if (name !== 'c') return;
      const row = rows.at(-1);
      if (row) row[cell.column] = cell.kind === 's' ? (shared[Number(cell.text)] ?? '') : cell.text;
    },
  });
  return rows
    .map((row) => Array.from(row, (value: string | undefined) => quoted(value ?? '')).join(','))
    .join('\n');
}

/** `C7` is the third column. */
function columnOf(reference: string, otherwise: number): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0];
  if (letters === undefined) return otherwise;
  return Math.min(
    Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1,
    16_383,
  );
}

function quoted(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function walk(xml: string, handler: ConstructorParameters<typeof Parser>[0]): void {
  const parser = new Parser(handler, { xmlMode: true, decodeEntities: true });
  parser.end(xml);
}
