import { Readability } from '@mozilla/readability';
import { JSDOM, VirtualConsole } from 'jsdom';
import TurndownService from 'turndown';
import { gfm } from 'turndown-plugin-gfm';
import type { ReadDocument } from './document.ts';

/** What is never read: not seen, or not text. */
const unseen = 'script, style, noscript, template, svg, iframe, object, [hidden], [aria-hidden="true"]';
const unseenStyle =
  /display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:[;\s]|\.0|$)|font-size\s*:\s*0/i;
/** An article shorter than this is taken for a mistake; then the whole page is read. */
const leastArticle = 200;

/** The article of a page as Markdown; the whole page where there is no article. Nothing of the page is executed or loaded. */
export function readHtml(html: string, address: string): ReadDocument {
  const { window } = new JSDOM(html, { url: address, virtualConsole: new VirtualConsole() });
  const { document } = window;
  removeUnseen(document);
  const title = document.title.trim();
  const whole = document.createElement('div');
  whole.append(...document.body.cloneNode(true).childNodes);
  const article = new Readability(document, { maxElemsToParse: 50_000 }).parse();
  const text = articleOf(article, document) ?? toMarkdown(whole, document);
  window.close();
  return { title: title || (article?.title ?? ''), pages: [text], unit: null };
}

function removeUnseen(document: Document): void {
  for (const element of document.querySelectorAll(unseen)) element.remove();
  for (const element of document.querySelectorAll('[style]')) {
    if (unseenStyle.test(element.getAttribute('style') ?? '')) element.remove();
  }
}

function articleOf(article: ReturnType<Readability['parse']>, document: Document): string | undefined {
  const { content, textContent, byline } = article ?? {};
  if (!content || (textContent ?? '').trim().length < leastArticle) return undefined;
  const text = toMarkdown(content, document);
  return byline ? `*${byline.trim()}*\n\n${text}` : text;
}

/** HTML as Markdown, tables included. */
export function toMarkdown(html: string | HTMLElement, document: Document): string {
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
  });
  service.use(gfm);
  service.remove(['script', 'style', 'noscript', 'button', 'nav']);
  // A picture is its description: its address is of no use to who cannot see it.
  service.addRule('picture', {
    filter: 'img',
    replacement: (_content, node) => {
      const said = 'getAttribute' in node ? node.getAttribute('alt') : null;
      return said ? `[picture: ${said}]` : '';
    },
  });
  const root = typeof html === 'string' ? document.createElement('div') : html;
  if (typeof html === 'string') root.innerHTML = html;
  for (const table of root.querySelectorAll('table')) giveHead(table, document);
  return service
    .turndown(root)
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** Markdown has no table without a head: the first row becomes it. Cells are one line each. */
function giveHead(table: Element, document: Document): void {
  // A paragraph in a cell would break its line.
  for (const inner of table.querySelectorAll('td p, th p')) inner.replaceWith(...inner.childNodes, ' ');
  const first = table.querySelector('tr');
  if (!first || first.querySelector('th')) return;
  for (const cell of Array.from(first.children)) {
    const head = document.createElement('th');
    head.append(...cell.childNodes);
    cell.replaceWith(head);
  }
}
