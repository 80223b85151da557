import type { CDPSession, Frame, Page } from 'playwright-core';
import { findHiddenText, type HiddenText } from './hidden-text.ts';
import { readTree } from './page-tree.ts';
import type { CoveredTexts } from './covered-texts.ts';
import { renderTree, type KnownElement } from './render-tree.ts';

/** What a page shows: lines, each with what its references stand for. */
const partLength = 12_000;
const snapshotMs = 10_000;

/** One page of a window, and what was shown of it last. */
export class WindowPage {
  readonly page: Page;
  readonly number: number;
  readonly #nextTag: () => string;
  readonly #covered: CoveredTexts;
  #tag: string;
  #frameTag: string;
  #session: Promise<CDPSession> | undefined;
  #known = new Map<string, KnownElement>();
  readonly #leaving = new WeakSet<Frame>();

  constructor(page: Page, options: { number: number; nextTag: () => string; covered: CoveredTexts }) {
    this.page = page;
    this.number = options.number;
    this.#nextTag = options.nextTag;
    this.#covered = options.covered;
    this.#tag = this.#nextTag();
    this.#frameTag = this.#nextTag();
    page.on('request', (request) => {
      if (request.isNavigationRequest()) this.#leaving.add(request.frame());
    });
    page.on('framenavigated', (frame) => this.#arrived(frame));
  }

  /** A reference is good as long as its document is there. */
  owns(tag: string | undefined): boolean {
    return tag === this.#tag || tag === this.#frameTag;
  }

  element(ref: string): KnownElement | undefined {
    return this.#known.get(ref);
  }

  get address(): string {
    return this.page.url();
  }

  async title(): Promise<string> {
    return await this.page.title().catch(() => '');
  }

  /** The page, or what is inside of one of its elements, as lines. */
  async lines(within: string | undefined): Promise<readonly string[]> {
    const [tag, frameTag] = [this.#tag, this.#frameTag];
    const [tree, hidden] = await Promise.all([this.#tree(within), this.#hidden()]);
    const { lines, elements } = renderTree(readTree(tree), {
      tag,
      frameTag,
      clean: (text) => withoutHidden(text, hidden.texts),
      isHidden: (value) => hidden.passwords.has(value) || this.#covered.isExactly(value),
    });
    this.#known = new Map([...(within === undefined ? [] : this.#known), ...elements]);
    return lines.map((line) => this.withoutSecrets(line));
  }

  withoutSecrets(text: string): string {
    return this.#covered.without(text);
  }

  /** Connection to the browser for what only concerns this page. */
  session(): Promise<CDPSession> {
    this.#session ??= this.page.context().newCDPSession(this.page);
    return this.#session;
  }

  /** Calls back as soon as the page is about to open another one, which comes a while later. */
  async whenOpening(opening: () => void): Promise<void> {
    const session = await this.session();
    session.on('Page.windowOpen', opening);
    await session.send('Page.enable');
  }

  /** Makes all its references stale. */
  forget(): void {
    [this.#tag, this.#frameTag] = [this.#nextTag(), this.#nextTag()];
    this.#known = new Map();
  }

  async #tree(within: string | undefined): Promise<unknown> {
    const options = { mode: 'ai', timeout: snapshotMs } as const;
    return within === undefined
      ? await this.page.ariaSnapshotJSON(options)
      : await this.page.getByRef(within).ariaSnapshotJSON(options);
  }

  async #hidden(): Promise<HiddenText> {
    return await findHiddenText(await this.session());
  }

  #arrived(frame: Frame): void {
    // A change of the address within a document keeps its elements.
    const isNew = this.#leaving.has(frame) || !/^https?:/.test(frame.url());
    if (!isNew) return;
    this.#leaving.delete(frame);
    this.#frameTag = this.#nextTag();
    if (frame !== this.page.mainFrame()) return;
    this.#tag = this.#nextTag();
    this.#known = new Map();
  }
}

function withoutHidden(text: string, hidden: readonly string[]): string {
  let clean = text;
  for (const each of hidden) if (clean.includes(each)) clean = clean.replaceAll(each, '');
  return clean;
}

/** One part of a long page, and how many there are. */
export function partOf(lines: readonly string[], part: number): { text: string; parts: number } {
  const parts: string[][] = [[]];
  let length = 0;
  for (const line of lines) {
    if (length + line.length > partLength && length > 0) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(line);
    length += line.length + 1;
  }
  return { text: (parts[part - 1] ?? []).join('\n'), parts: parts.length };
}
