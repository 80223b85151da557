import { Parser } from 'htmlparser2';

/** A page as a model reads it: Markdown-like text without scripts, styles and navigation. */
export interface ReadablePage {
  title: string;
  text: string;
}

/** Elements whose content is not for reading. */
const hiddenElements = new Set(
  'script style noscript template svg math iframe object canvas nav head select button datalist dialog'.split(
    ' ',
  ),
);
const blocks = new Set(
  `address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form header hr main ol p
  pre section summary table tbody td th thead tr ul li h1 h2 h3 h4 h5 h6`.split(/\s+/),
);
const voidElements = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/** Nesting at which reading ends, as in browsers: the parser's cost of an element grows with the elements around it. */
const deepest = 512;
const pieceLength = 16_384;

/** Turns HTML into readable text, in one pass and without building a tree, so that a page costs no more than its length. */
export function readablePage(html: string, base: URL): ReadablePage {
  const writer = new PageWriter(base);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => writer.open(name, attributes),
      ontext: (text) => writer.text(text),
      onclosetag: (name) => writer.close(name),
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  for (let start = 0; start < html.length && !writer.tooDeep; start += pieceLength) {
    parser.write(html.slice(start, start + pieceLength));
  }
  if (writer.tooDeep) writer.text('\n[the rest of the page is nested too deeply to be read]');
  else parser.end();
  return writer.page();
}

class PageWriter {
  readonly #base: URL;
  readonly #output: string[] = [];
  #title = '';
  #inTitle = false;
  /** The hidden element that is open, and how many of its name are open inside it. */
  #hidden: { name: string; depth: number } | undefined;
  #depth = 0;
  #preDepth = 0;
  /** Address and place in the output of the link that is open. */
  #link: { address: string; start: number } | undefined;

  constructor(base: URL) {
    this.#base = base;
  }

  get tooDeep(): boolean {
    return this.#depth > deepest;
  }

  open(name: string, attributes: Attributes): void {
    this.#depth += 1;
    if (name === 'title' && this.#title === '' && this.#hidden?.name !== 'svg') this.#inTitle = true;
    if (this.#hidden !== undefined) {
      if (this.#hidden.name === name) this.#hidden.depth += 1;
      return;
    }
    if (isHidden(name, attributes)) {
      this.#hidden = { name, depth: 1 };
      if (blocks.has(name)) this.#output.push('\n');
    } else this.#openShown(name, attributes);
  }

  #openShown(name: string, attributes: Attributes): void {
    if (name === 'pre') this.#preDepth += 1;
    if (name === 'a') this.#openLink(attributes['href']);
    else if (name === 'img') this.#image(attributes['alt']);
    else if (name === 'br') this.#output.push('\n');
    else if (blocks.has(name)) this.#output.push(startOf(name));
  }

  text(text: string): void {
    if (this.#inTitle) this.#title += text;
    else if (this.#hidden === undefined)
      this.#output.push(this.#preDepth > 0 ? text : text.replace(/\s+/g, ' '));
  }

  close(name: string): void {
    this.#depth -= 1;
    if (name === 'title') this.#inTitle = false;
    if (this.#hidden !== undefined) {
      if (this.#hidden.name === name) this.#hidden.depth -= 1;
      if (this.#hidden.depth === 0) this.#hidden = undefined;
      return;
    }
    if (name === 'a') this.#closeLink();
    if (name === 'pre') this.#preDepth = Math.max(0, this.#preDepth - 1);
    if (blocks.has(name)) this.#output.push(endOf(name));
  }

  page(): ReadablePage {
    this.#closeLink();
    return { title: this.#title.replace(/\s+/g, ' ').trim(), text: tidy(this.#output.join('')) };
  }

  #openLink(href: string | undefined): void {
    this.#closeLink();
    const address = href === undefined ? undefined : URL.parse(href, this.#base);
    if (address === null || address === undefined || !/^https?:$/.test(address.protocol)) return;
    address.hash = '';
    this.#link = { address: address.href, start: this.#output.length };
  }

  #closeLink(): void {
    if (this.#link === undefined) return;
    const { address, start } = this.#link;
    this.#link = undefined;
    const label = this.#output.splice(start).join('').replace(/\s+/g, ' ');
    if (label.trim() !== '') this.#output.push(`[${label.trim()}](${address})`);
  }

  #image(alternative = ''): void {
    if (alternative.trim() !== '') this.#output.push(`[image: ${alternative.trim()}]`);
  }
}

type Attributes = Readonly<Record<string, string>>;

function isHidden(name: string, attributes: Attributes): boolean {
  if (voidElements.has(name)) return false;
  return hiddenElements.has(name) || 'hidden' in attributes || attributes['aria-hidden'] === 'true';
}

function startOf(name: string): string {
  if (/^h[1-6]$/.test(name)) return `\n\n${'#'.repeat(Number(name[1]))} `;
  if (name === 'li') return '\n- ';
  return name === 'td' || name === 'th' ? ' ' : '\n';
}

function endOf(name: string): string {
  if (name === 'td' || name === 'th') return ' |';
  return /^(?:p|h[1-6]|ul|ol|table|pre|blockquote)$/.test(name) ? '\n\n' : '\n';
}

/** No spaces at the ends of lines, no more than one empty line between two others. */
function tidy(text: string): string {
  const lines: string[] = [];
  for (const line of text.split('\n').map((raw) => raw.trimEnd())) {
    if (line.trim() !== '' || (lines.at(-1) ?? '') !== '')
      lines.push(line.startsWith(' ') && line[1] !== ' ' ? line.slice(1) : line);
  }
  return lines.join('\n').trim();
}
