import type { CDPSession } from 'playwright-core';
import type { WindowScreen, WindowWatcher } from '../../port/browser.ts';
import type { WindowPage } from './window-page.ts';
import type { WindowPages } from './window-pages.ts';

const picture = { format: 'jpeg', quality: 60, maxWidth: 1280, maxHeight: 1280 } as const;
/** At most ten pictures a second. */
const betweenPicturesMs = 100;
const usualSize = { width: 1280, height: 900 };

interface Cast {
  page: WindowPage;
  session: CDPSession;
  take: (frame: { data: string; sessionId: number }) => void;
}

/**
 * What people see of a window. `dark` -> `cast`: with the first who looks. `cast` -> `cast`: of another page, when that comes to the front.
 * `cast` -> `dark`: with the last who goes. All see the same pictures; the browser makes the next one when the last was taken.
 */
export class LiveScreen {
  readonly #pages: WindowPages;
  readonly #watchers = new Set<WindowWatcher>();
  #cast: Cast | undefined;
  #latest: Uint8Array | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #isTelling = false;

  constructor(pages: WindowPages) {
    this.#pages = pages;
    pages.onChange = () => this.#changed();
  }

  watch(watcher: WindowWatcher): () => void {
    this.#watchers.add(watcher);
    if (this.#latest) watcher.frame(this.#latest);
    this.#changed();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#changed();
    };
  }

  closed(): void {
    for (const watcher of this.#watchers) watcher.closed();
    this.#watchers.clear();
  }

  /** Several changes of one moment are told once. */
  #changed(): void {
    if (this.#isTelling || (this.#watchers.size === 0 && !this.#cast)) return;
    this.#isTelling = true;
    this.#work = this.#work.then(async () => {
      this.#isTelling = false;
      await this.#follow().catch(() => undefined);
      await this.#tell().catch(() => undefined);
    });
  }

  async #follow(): Promise<void> {
    const wanted = this.#watchers.size === 0 ? undefined : this.#pages.current;
    if (this.#cast?.page === wanted) return;
    await this.#stop();
    if (!wanted || wanted.page.isClosed()) return;
    await this.#pages.bringToFront(wanted);
    const session = await wanted.session();
    const take: Cast['take'] = (frame) => this.#take(session, frame);
    this.#cast = { page: wanted, session, take };
    session.on('Page.screencastFrame', take);
    await session.send('Page.startScreencast', picture);
  }

  async #stop(): Promise<void> {
    const cast = this.#cast;
    this.#cast = undefined;
    this.#latest = undefined;
    if (!cast) return;
    cast.session.off('Page.screencastFrame', cast.take);
    await cast.session.send('Page.stopScreencast').catch(() => undefined);
  }

  #take(session: CDPSession, { data, sessionId }: { data: string; sessionId: number }): void {
    const image = Buffer.from(data, 'base64');
    this.#latest = image;
    for (const watcher of this.#watchers) watcher.frame(image);
    const next = () => session.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined);
    setTimeout(() => void next(), betweenPicturesMs).unref();
  }

  async #tell(): Promise<void> {
    if (this.#watchers.size === 0) return;
    const { all, current } = this.#pages;
    const open = all.filter(({ page }) => !page.isClosed());
    const pages = await Promise.all(
      open.map(async (each) => ({
        page: each.number,
        address: each.address.slice(0, 2_000),
        title: (await each.title()).slice(0, 300),
        isCurrent: each === current,
      })),
    );
    const screen: WindowScreen = { ...(current?.page.viewportSize() ?? usualSize), pages };
    for (const watcher of this.#watchers) watcher.screen(screen);
  }
}
