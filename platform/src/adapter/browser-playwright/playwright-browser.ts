import { BatutaError } from '@batuta/contract';
import type { BrowserContextOptions } from 'playwright-core';
import type { Browser, BrowserWindow, WindowOptions } from '../../port/browser.ts';
import type { EgressProxy } from '../../port/egress-proxy.ts';
import { findChromium } from './find-chromium.ts';
import { PlaywrightWindow } from './playwright-window.ts';
import { startChromium, type Isolation, type StartedChromium } from './start-chromium.ts';
import { Traffic } from './traffic.ts';

/** What holds for all windows. */
export interface BrowserSettings {
  executable: string | undefined;
  isolation: Isolation;
  jail: 'auto' | 'off';
  maxWindows: number;
  maxPages: number;
  /** Bytes that one window may transfer. */
  maxBytes: number;
  openSeconds: number;
  /** Seconds without a window after which the browser ends. */
  idleSeconds: number;
}

/** A browser that is started when it is needed, and again when it has died. */
export function makePlaywrightBrowser(settings: BrowserSettings, proxy: EgressProxy): Browser {
  return new PlaywrightBrowser(settings, proxy);
}

class PlaywrightBrowser implements Browser {
  readonly #settings: BrowserSettings;
  readonly #proxy: EgressProxy;
  readonly #windows = new Set<PlaywrightWindow>();
  #started: Promise<StartedChromium> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #opening = 0;

  constructor(settings: BrowserSettings, proxy: EgressProxy) {
    this.#settings = settings;
    this.#proxy = proxy;
  }

  async openWindow(options: WindowOptions): Promise<BrowserWindow> {
    const { maxWindows } = this.#settings;
    if (this.#windows.size + this.#opening >= maxWindows)
      throw new BatutaError('browser-busy', { limit: maxWindows });
    clearTimeout(this.#idle);
    this.#opening += 1;
    try {
      return await this.#open(options);
    } finally {
      this.#opening -= 1;
      this.#endWhenIdle();
    }
  }

  async fault(): Promise<string | undefined> {
    return await findChromium(this.#settings.executable).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await Promise.all([...this.#windows].map((window) => window.close()));
    const started = this.#started;
    this.#started = undefined;
    await (await started?.catch(() => undefined))?.close();
  }

  async #open({ state, mayReach }: WindowOptions): Promise<PlaywrightWindow> {
    const { maxBytes, maxPages, openSeconds } = this.#settings;
    const { chromium, proxy } = await this.#running();
    const traffic = new Traffic(mayReach);
    const pass = this.#proxy.pass({
      maxBytes,
      mayReach: (url, addresses) => mayReach({ url, addresses, sends: undefined }),
    });
    try {
      const context = await chromium.newContext({
        proxy: { server: proxy, username: 'window', password: pass.token },
        serviceWorkers: 'block',
        acceptDownloads: true,
        viewport: { width: 1280, height: 900 },
        permissions: [],
        ...(state ? { storageState: state.storage as BrowserContextOptions['storageState'] & object } : {}),
      });
      await traffic.watch(context);
      const window = new PlaywrightWindow({ context, traffic, pass, maxPages, openMs: openSeconds * 1000 });
      this.#windows.add(window);
      context.on('close', () => this.#gone(window));
      await window.reopen(state?.pages ?? []);
      return window;
    } catch (error) {
      pass.close();
      throw error;
    }
  }

  /** The browser that runs. One that has died is started again. */
  async #running(): Promise<StartedChromium> {
    const before = this.#started;
    const known = await before?.catch(() => undefined);
    if (known?.chromium.isConnected()) return known;
    // Whoever comes first starts it; the others wait for the same one.
    if (this.#started === before || this.#started === undefined) this.#started = this.#start();
    return await this.#started;
  }

  async #start(): Promise<StartedChromium> {
    const started = await startChromium({ ...this.#settings, doors: await this.#proxy.doors() });
    started.chromium.on('disconnected', () => void started.close());
    return started;
  }

  #gone(window: PlaywrightWindow): void {
    this.#windows.delete(window);
    void window.close();
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#windows.size + this.#opening > 0) return;
    this.#idle = setTimeout(() => void this.close(), this.#settings.idleSeconds * 1000);
    this.#idle.unref();
  }
}
