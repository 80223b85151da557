import { stripVTControlCharacters } from 'node:util';
import { BatutaError, jsonObjectSchema, type JsonValue } from '@batuta/contract';
import type { BrowserContext, Dialog } from 'playwright-core';
import type {
  BrowserStep,
  BrowserWindow,
  PageView,
  PersonalWindow,
  StepOptions,
  StepReport,
  ViewOptions,
  WindowState,
  WindowWatcher,
} from '../../port/browser.ts';
import type { EgressPass } from '../../port/egress-proxy.ts';
import type { ProducedFile } from '../../port/tool.ts';
import { collectFacts } from './collect-facts.ts';
import { doStep, StepFault } from './do-step.ts';
import { CoveredTexts } from './covered-texts.ts';
import { Downloads } from './downloads.ts';
import { LiveScreen } from './live-screen.ts';
import { lendHand } from './persons-hand.ts';
import { untagged } from './render-tree.ts';
import { ownHosts } from './own-hosts.ts';
import type { Traffic } from './traffic.ts';
import { takePicture } from './take-picture.ts';
import { partOf, type WindowPage } from './window-page.ts';
import { WindowPages } from './window-pages.ts';

/** What a window is made of. */
export interface WindowParts {
  context: BrowserContext;
  traffic: Traffic;
  pass: EgressPass;
  maxPages: number;
  openMs: number;
}

const loadMs = 5_000;
const errorPageMs = 1_000;

/** The proxy did not connect. */
class RefusedPage {
  readonly message: string;

  constructor(reason: string) {
    this.message = reason.trim();
  }
}

/** A window of one session: a context of the browser. */
export class PlaywrightWindow implements BrowserWindow {
  readonly #parts: WindowParts;
  readonly #pages: WindowPages;
  readonly #covered = new CoveredTexts();
  readonly #screen: LiveScreen;
  readonly #downloads: Downloads;
  #answer: Pick<StepOptions, 'dialogs' | 'dialogText'> = {};
  readonly #told = new Map<string, number>();
  #isClosed = false;

  constructor(parts: WindowParts) {
    this.#parts = parts;
    this.#downloads = new Downloads((text) => parts.traffic.note(text));
    this.#pages = new WindowPages({
      context: parts.context,
      maxPages: parts.maxPages,
      covered: this.#covered,
      downloads: this.#downloads,
      note: (text) => parts.traffic.note(text),
    });
    this.#screen = new LiveScreen(this.#pages);
    parts.context.on('close', () => {
      this.#isClosed = true;
      this.#screen.closed();
    });
    parts.context.on('dialog', (dialog) => void this.#reply(dialog));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async open(url: URL, { newPage, signal }: { newPage: boolean; signal: AbortSignal }): Promise<PageView> {
    // Before the browser hears of it: files and its own pages are no business of agents.
    if (!/^https?:$/.test(url.protocol)) {
      throw this.#failed(`open ${url.href.slice(0, 300)}`, new RefusedPage('only http and https are opened'));
    }
    const target = (newPage ? undefined : this.#pages.current) ?? (await this.#newPage());
    this.#pages.current = target;
    try {
      await this.#go(target, url, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!/ERR_ABORTED|Download is starting/.test(String(error)))
        throw this.#failed(`open ${url.href.slice(0, 300)}`, error);
    }
    // A page that never ends to load is shown as far as it came.
    await target.page.waitForLoadState('domcontentloaded', { timeout: loadMs }).catch(() => undefined);
    await this.#parts.traffic.quiet(target.page);
    return await this.#view(target, {});
  }

  async view(options: ViewOptions): Promise<PageView> {
    return await this.#view(this.#pages.find(options.page), options);
  }

  async perform(steps: readonly BrowserStep[], options: StepOptions): Promise<StepReport> {
    const target = this.#pages.targetOf(steps, options.page);
    const { traffic } = this.#parts;
    this.#answer = options;
    let done = 0;
    let fault: string | undefined;
    const work = async () => {
      await this.#pages.bringToFront(target);
      for (const step of steps) {
        if (step.secretFor && step.text) this.#covered.add(step.text);
        const failed = await doStep(target, step, options);
        if (failed instanceof StepFault) return void (fault = target.withoutSecrets(failed.reason));
        done += 1;
        if (!target.page.isClosed()) await traffic.quiet(target.page);
        await this.#pages.settled();
      }
    };
    try {
      await (options.sends ? traffic.whileSending(work) : work());
    } finally {
      this.#answer = {};
    }
    return { done, fault, view: await this.#view(this.#pages.current ?? target, {}) };
  }

  async collect(options: ViewOptions): Promise<readonly JsonValue[]> {
    const target = this.#pages.find(options.page);
    const within = options.within === undefined ? undefined : untagged(options.within)?.ref;
    const root = within === undefined ? target.page.locator('body') : target.page.getByRef(within);
    return await collectFacts(root, (text) => target.withoutSecrets(text));
  }

  async screenshot(options: {
    page?: number | undefined;
    ref?: string | undefined;
    whole: boolean;
  }): Promise<ProducedFile> {
    const { page } = this.#pages.find(options.page);
    const ref = options.ref === undefined ? undefined : untagged(options.ref)?.ref;
    return await takePicture(page, { ...options, ref, covered: this.#covered }).catch((error: unknown) => {
      throw this.#failed('take a picture', error);
    });
  }

  downloads(maxBytes: number): Promise<ProducedFile[]> {
    return this.#downloads.take(maxBytes);
  }

  async state(): Promise<WindowState> {
    const storage = await this.#parts.context.storageState({ indexedDB: true });
    const { all, current } = this.#pages;
    const open = all.filter(({ page }) => !page.isClosed() && /^https?:/.test(page.url()));
    const ordered = [...open.filter((each) => each !== current), ...open.filter((each) => each === current)];
    return {
      storage: jsonObjectSchema.parse(JSON.parse(JSON.stringify(storage))),
      pages: ordered.map(({ address }) => address),
    };
  }

  watch(watcher: WindowWatcher): () => void {
    return this.#screen.watch(watcher);
  }

  async handOver(): Promise<PersonalWindow> {
    const { traffic } = this.#parts;
    return await lendHand({ pages: this.#pages, traffic, covered: this.#covered });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#parts.context.close().catch(() => undefined);
    this.#parts.pass.close();
  }

  /** Opens the pages of an earlier window again. */
  async reopen(addresses: readonly string[]): Promise<void> {
    for (const address of addresses.slice(-this.#parts.maxPages)) {
      const url = URL.parse(address);
      const options = { newPage: true, signal: AbortSignal.timeout(this.#parts.openMs) };
      if (url)
        await this.open(url, options).catch(() =>
          this.#parts.traffic.note(`${address.slice(0, 200)} could not be opened again`),
        );
    }
  }

  async #go({ page }: WindowPage, url: URL, signal: AbortSignal): Promise<void> {
    const options = { timeout: this.#parts.openMs, waitUntil: 'commit', signal } as const;
    const response = await page.goto(url.href, options).catch(async (error: unknown) => {
      // The error page is a navigation of its own: one that comes next would be interrupted by it.
      await page
        .waitForURL('chrome-error://**', { timeout: errorPageMs, waitUntil: 'commit' })
        .catch(() => undefined);
      throw error;
    });
    // What the proxy itself answers is no page.
    if (response?.headers()['x-batuta-refused']) throw new RefusedPage(await response.text());
  }

  async #newPage(): Promise<WindowPage> {
    const page = await this.#parts.context.newPage().catch((error: unknown) => {
      throw this.#failed('open a page', error);
    });
    return this.#pages.adopt(page);
  }

  async #view(target: WindowPage, { within, part = 1 }: ViewOptions): Promise<PageView> {
    const inside = within === undefined ? undefined : untagged(within);
    if (within !== undefined && !target.owns(inside?.tag)) {
      throw new BatutaError('browser-failed', {
        what: `show ${within}`,
        reason: 'the reference is stale',
        hint: ' Observe the page again.',
      });
    }
    const lines = await target.lines(inside?.ref).catch((error: unknown) => {
      throw this.#failed('read the page', error);
    });
    const { text, parts } = partOf(lines, part);
    const more = parts > 1 ? [`this is part ${part} of ${parts}; ask for another with part`] : [];
    const others = this.#pages.all.filter((each) => each !== target);
    const tabs = others.map((each) => `also open: page ${each.number} at ${each.address.slice(0, 200)}`);
    return {
      page: target.number,
      address: target.withoutSecrets(target.address),
      title: target.withoutSecrets(await target.title()),
      text,
      notes: [...this.#parts.traffic.takeNotes(), ...this.#refusals(), ...more, ...tabs].map((note) =>
        target.withoutSecrets(note),
      ),
    };
  }

  /** Connections that were refused since this was asked last. */
  #refusals(): string[] {
    const all = this.#parts.pass.refused().filter(({ target }) => !ownHosts.has(target));
    const fresh = all.filter(({ target, reason, count }) => this.#told.get(`${target} ${reason}`) !== count);
    for (const { target, reason, count } of fresh) this.#told.set(`${target} ${reason}`, count);
    return fresh.slice(-5).map(({ target, reason }) => `not reached: ${target} (${reason})`);
  }

  async #reply(dialog: Dialog): Promise<void> {
    const { dialogs = 'dismiss', dialogText } = this.#answer;
    const accepts = dialogs === 'accept' || dialog.type() === 'beforeunload' || dialog.type() === 'alert';
    const asked = dialog.message().slice(0, 300);
    this.#parts.traffic.note(
      `the page asked (${dialog.type()}): "${asked}"; answered: ${accepts ? 'OK' : 'Cancel'}`,
    );
    await (accepts ? dialog.accept(dialogText) : dialog.dismiss()).catch(() => undefined);
  }

  #failed(what: string, error: unknown): BatutaError<'browser-failed'> {
    const isKnown = error instanceof Error || error instanceof RefusedPage;
    const text = stripVTControlCharacters(isKnown ? error.message : String(error));
    if (text.includes('browser has been closed')) this.#isClosed = true;
    const reason = (text.split('\n')[0] ?? '').slice(0, 300);
    const hint = [...this.#parts.traffic.takeNotes(), ...this.#refusals()].join('; ');
    return new BatutaError('browser-failed', { what, reason, hint: hint && ` ${hint}.` }, { cause: error });
  }
}
