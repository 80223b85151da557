import { BatutaError } from '@batuta/contract';
import type { BrowserContext, Page } from 'playwright-core';
import type { BrowserStep } from '../../port/browser.ts';
import type { CoveredTexts } from './covered-texts.ts';
import type { Downloads } from './downloads.ts';
import { makeTags } from './reference-tags.ts';
import { untagged } from './render-tree.ts';
import { WindowPage } from './window-page.ts';

/** What pages are kept with. */
export interface PagesParts {
  context: BrowserContext;
  maxPages: number;
  covered: CoveredTexts;
  downloads: Downloads;
  note: (text: string) => void;
}

/** How long a page that was announced is waited for; a browser that opens none says nothing. */
const comingMs = 3_000;

/** The pages of a window: those that were opened, and those that pages have opened. One of them is the current one. */
export class WindowPages {
  readonly #parts: PagesParts;
  readonly #pages = new Map<Page, WindowPage>();
  readonly #nextTag = makeTags();
  #front: WindowPage | undefined;
  #count = 0;
  /** Announced by a page, and not there yet. */
  #coming = 0;
  #whenCome: () => void = () => undefined;
  #current: WindowPage | undefined;
  /** Called when pages have come, gone, moved on, or another one is the current one. */
  onChange: () => void = () => undefined;

  constructor(parts: PagesParts) {
    this.#parts = parts;
    parts.context.on('page', (page) => this.adopt(page));
  }

  get all(): WindowPage[] {
    return [...this.#pages.values()];
  }

  get current(): WindowPage | undefined {
    return this.#current;
  }

  set current(page: WindowPage | undefined) {
    this.#current = page;
    this.onChange();
  }

  adopt(page: Page): WindowPage {
    const known = this.#pages.get(page);
    if (known) return known;
    const { covered, downloads, maxPages, note } = this.#parts;
    const made = new WindowPage(page, { number: (this.#count += 1), nextTag: this.#nextTag, covered });
    const isOurs = this.current === undefined;
    this.#pages.set(page, made);
    this.#front = undefined;
    this.#came();
    // One that is closed already opens nothing.
    made.whenOpening(() => (this.#coming += 1)).catch(() => undefined);
    page.on('close', () => this.#forget(made));
    page.on('framenavigated', () => this.onChange());
    page.on('load', () => this.onChange());
    page.on('crash', () => note(`page ${made.number} has crashed`));
    page.on('download', (download) => downloads.add(download));
    if (this.#pages.size > maxPages) {
      note(`a page was closed at once: ${maxPages} are open already`);
      page.close().catch(() => undefined);
      return made;
    }
    if (!isOurs) note(`a new page was opened: page ${made.number}`);
    this.current ??= made;
    return made;
  }

  /** The page with this number, which becomes the current one; absent: the current one. */
  find(number: number | undefined): WindowPage {
    const wanted = number === undefined ? this.current : this.all.find((each) => each.number === number);
    if (wanted) return (this.current = wanted);
    const open = this.all.map((each) => each.number).join(', ') || 'none; open one with browser_open';
    throw new BatutaError('browser-failed', {
      what: number === undefined ? 'find a page' : `find page ${number}`,
      reason: `open pages are: ${open}`,
      hint: '',
    });
  }

  /** The page that references belong to, where none is named. */
  targetOf(steps: readonly BrowserStep[], number: number | undefined): WindowPage {
    const ref = steps.find((step) => step.ref !== undefined)?.ref;
    const tag = ref === undefined ? undefined : untagged(ref)?.tag;
    const owner = number === undefined ? this.all.find((each) => each.owns(tag)) : undefined;
    return owner ? (this.current = owner) : this.find(number);
  }

  /** Ends when the pages are there that other pages have begun to open. */
  async settled(): Promise<void> {
    if (this.#coming === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, comingMs);
    this.#whenCome = resolve;
    await promise;
    clearTimeout(timer);
    this.#coming = 0;
  }

  #came(): void {
    this.#coming = Math.max(0, this.#coming - 1);
    if (this.#coming === 0) this.#whenCome();
  }

  /** Pages behind another one are painted once a second only, and every step waits for that. */
  async bringToFront(target: WindowPage): Promise<void> {
    if (this.#front === target) return;
    await target.page.bringToFront().catch(() => undefined);
    this.#front = target;
  }

  #forget(gone: WindowPage): void {
    this.#pages.delete(gone.page);
    this.#front = undefined;
    if (this.current === gone) this.current = this.all.at(-1);
  }
}
