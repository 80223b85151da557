import type { BrowserContext, Page, Request, Route } from 'playwright-core';
import type { WindowOptions } from '../../port/browser.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const mostNotes = 20;
/** How long nothing must be asked for until a page counts as quiet, and how long that is waited for. */
const quietMs = 120;
const quietWithinMs = 3_000;

/**
 * What the pages of a window ask for. Requests that send something (POST and the like, messages over WebSocket) are held back, except while
 * an action that may send is under way: so what a reading tool does can never submit anything, whatever a page makes of a click.
 */
export class Traffic {
  readonly #mayReach: WindowOptions['mayReach'];
  readonly #open = new Set<Request>();
  #notes = new Map<string, number>();
  #waiters = new Set<() => void>();
  #sends = 0;

  constructor(mayReach: WindowOptions['mayReach']) {
    this.#mayReach = mayReach;
  }

  async watch(context: BrowserContext): Promise<void> {
    await context.route('**/*', (route) => this.#decide(route));
    await context.routeWebSocket(/.*/, (socket) => {
      const server = socket.connectToServer();
      // What comes in is read; what goes out may be an action.
      socket.onMessage((message) => {
        if (this.#sends > 0) server.send(message);
        else this.note(`held back: a message to ${originOf(socket.url())} (WebSocket)`);
      });
    });
    context.on('request', (request) => this.#open.add(request));
    context.on('requestfinished', (request) => this.#ended(request));
    context.on('requestfailed', (request) => this.#ended(request));
  }

  /** Lets requests that send something through while `work` lasts and until the page is quiet after it. */
  async whileSending<T>(work: () => Promise<T>): Promise<T> {
    this.#sends += 1;
    try {
      return await work();
    } finally {
      this.#sends -= 1;
    }
  }

  /** Lets them through until the function that it returns is called. */
  beginSending(): () => void {
    this.#sends += 1;
    return () => void (this.#sends -= 1);
  }

  note(text: string): void {
    if (this.#notes.size < mostNotes || this.#notes.has(text))
      this.#notes.set(text, (this.#notes.get(text) ?? 0) + 1);
  }

  /** What happened since this was asked last. */
  takeNotes(): string[] {
    const notes = [...this.#notes].map(([text, count]) => (count > 1 ? `${text} (${count} times)` : text));
    this.#notes = new Map();
    return notes;
  }

  /** Ends when nothing has been asked for for a moment, or after a while. */
  async quiet(page: Page): Promise<void> {
    const end = performance.now() + quietWithinMs;
    while (performance.now() < end && !page.isClosed()) {
      if (this.#busy(page) === 0 && (await this.#nothingFor(quietMs))) return;
      await this.#nothingFor(quietMs);
    }
  }

  #busy(page: Page): number {
    return [...this.#open].filter((request) => pageOf(request) === page && !isEndless(request)).length;
  }

  async #nothingFor(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const disturb = () => resolve(false);
    const timer = setTimeout(() => resolve(true), ms);
    this.#waiters.add(disturb);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(disturb);
    }
  }

  #ended(request: Request): void {
    this.#open.delete(request);
    for (const disturb of this.#waiters) disturb();
  }

  async #decide(route: Route): Promise<void> {
    const request = route.request();
    const url = URL.parse(request.url());
    const method = request.method();
    const sends = !safeMethods.has(method);
    if (url === null || !/^https?:$/.test(url.protocol)) return await route.abort('blockedbyclient');
    if (sends && this.#sends === 0) {
      this.note(`held back: ${method} ${url.origin}${url.pathname.slice(0, 100)}`);
      return await route.abort('aborted');
    }
    try {
      this.#mayReach({ url, addresses: undefined, sends });
    } catch (error) {
      this.note(`refused: ${url.origin} (${error instanceof Error ? error.message : String(error)})`);
      return await route.abort('blockedbyclient');
    }
    await route.continue();
  }
}

/** A request that stays open by its nature. */
function isEndless(request: Request): boolean {
  return ['eventsource', 'websocket', 'media', 'ping'].includes(request.resourceType());
}

function pageOf(request: Request): Page | undefined {
  try {
    return request.frame().page();
  } catch {
    // Requests of workers have no frame.
    return undefined;
  }
}

function originOf(address: string): string {
  return URL.parse(address)?.host ?? 'a server';
}
