import { BatutaError } from '@batuta/contract';
import type { Browser, BrowserWindow, WindowRequest } from '../../port/browser.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { ToolContext } from '../../port/tool.ts';
import { untilAborted } from '../turn/until-aborted.ts';
import type { WindowHold } from './window-hold.ts';
import { judgeReach, type Reach } from './judge-reach.ts';
import type { WindowPlace, WindowStates } from './window-states.ts';

/** What windows are kept with. */
export interface SessionParts {
  browser: Browser;
  /** Where cookies and storage outlast the process; null where they do not. */
  states: WindowStates | null;
  clock: Clock;
  log: Log;
  /** How long a window stays open that nobody uses. */
  idleMs: number;
}

/** Who uses a window. */
type Caller = Pick<ToolContext, 'tenantId' | 'sessionId' | 'mayReach' | 'signal' | 'progress' | 'rest'>;

interface OpenWindow {
  tenantId: string;
  sessionId: string;
  window: BrowserWindow;
  /** Of the stored state that it was made from or has written. */
  version: number;
  /** Calls of one session come one after the other. */
  users: number;
  usedAt: number;
  /** What the latest reading call, and the sending call that is under way, may reach. */
  reach: Reach;
  stopIdle: () => void;
}

/**
 * A window for each session that uses one.
 *
 * `absent` -> `open`: by the first call, from the stored state where there is one. `open` -> `absent`: after a while without calls, when another
 * session needs the place, when the browser has died, when another process has written a newer state, or at the end; its state is stored
 * after each call and before it is closed.
 */
export class BrowserSessions {
  readonly #parts: SessionParts;
  readonly #open = new Map<string, OpenWindow>();
  readonly #queues = new Map<string, Promise<unknown>>();
  /** Names of people who have a window, or wait for it. */
  readonly #holders = new Map<string, string>();
  readonly #whenGivenBack = new Set<(place: WindowPlace) => void>();
  /** Called when a window was opened. */
  onOpened: (place: WindowPlace, window: BrowserWindow) => void = () => undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Uses the window of a session that reads; what it would send is held back. Done once more when the browser has died meanwhile. */
  reading<T>(caller: Caller, work: (window: BrowserWindow) => Promise<T>): Promise<T> {
    const allow = (reach: Reach) => (reach.read = caller.mayReach);
    return this.#inTurn(caller, allow, work).catch((error: unknown) => {
      if (!(error instanceof WindowDied)) throw error;
      return this.#inTurn(caller, allow, work).catch(unwrap);
    });
  }

  /** Uses the window of a session for something that may send. */
  sending<T>(caller: Caller, work: (window: BrowserWindow) => Promise<T>): Promise<T> {
    return this.#inTurn(caller, (reach) => (reach.send = caller.mayReach), work).catch(unwrap);
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    await Promise.all(open.map((each) => this.#closeWindow(each)));
    await this.#parts.browser.close();
  }

  /** The open window of a session. */
  find(place: WindowPlace): BrowserWindow | undefined {
    const window = this.#open.get(keyOf(place))?.window;
    return window?.isClosed ? undefined : window;
  }

  /** Gives the window to a person as soon as no call is under way; undefined: there is none, or `signal` has aborted by then. */
  hold(
    place: WindowPlace,
    { person, signal }: { person: string; signal: AbortSignal },
  ): Promise<WindowHold | undefined> {
    const key = keyOf(place);
    const begun = Promise.withResolvers<WindowHold | undefined>();
    this.#holders.set(key, person);
    const work = this.#enqueue(key, async () => {
      const open = this.#open.get(key);
      if (open && !open.window.isClosed && !signal.aborted) await this.#lend(open, begun.resolve);
    });
    const over = () => {
      this.#holders.delete(key);
      begun.resolve(undefined);
      for (const tell of this.#whenGivenBack) tell(place);
    };
    work.then(over, (error: unknown) => {
      this.#parts.log.warn('a browser window could not be given to a person', { error });
      over();
    });
    return begun.promise;
  }

  /** Calls back whenever a person has given a window back, until the function that it returns is called. */
  whenGivenBack(tell: (place: WindowPlace) => void): () => void {
    this.#whenGivenBack.add(tell);
    return () => this.#whenGivenBack.delete(tell);
  }

  /** Keeps the open window although nobody uses it, until the function that it returns is called. */
  keepOpen(place: WindowPlace): () => void {
    const open = this.#open.get(keyOf(place));
    if (!open) return () => undefined;
    open.users += 1;
    return () => this.#left(open);
  }

  /** The session is no more. */
  async forget(place: WindowPlace): Promise<void> {
    const open = this.#open.get(keyOf(place));
    if (open) await this.#forget(open);
  }

  async #lend(open: OpenWindow, begun: (hold: WindowHold) => void): Promise<void> {
    const returned = Promise.withResolvers<void>();
    open.users += 1;
    open.stopIdle();
    // A person may send wherever the agent may read: what they submit is their own deed.
    if (open.reach.read) open.reach.send = open.reach.read;
    try {
      const hand = await open.window.handOver();
      begun({ act: (input) => hand.act(input), end: () => returned.resolve() });
      await returned.promise;
      await hand.end();
    } finally {
      await this.#used(open);
    }
  }

  async #inTurn<T>(
    caller: Caller,
    allow: (reach: Reach) => void,
    work: (window: BrowserWindow) => Promise<T>,
  ): Promise<T> {
    const key = keyOf(caller);
    const person = this.#holders.get(key);
    const turn = Promise.withResolvers<void>();
    const mine = this.#enqueue(key, () => {
      turn.resolve();
      return this.#use(caller, allow, work);
    });
    if (person === undefined) return await mine;
    mine.catch(() => undefined);
    caller.progress({ message: `waits: ${person} acts in the browser` });
    await caller.rest(untilAborted(caller.signal, () => turn.promise));
    return await mine;
  }

  #enqueue<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    this.#queues.set(key, settled);
    void settled.then(() => this.#queues.get(key) === settled && this.#queues.delete(key));
    return mine;
  }

  async #use<T>(
    caller: Caller,
    allow: (reach: Reach) => void,
    work: (window: BrowserWindow) => Promise<T>,
  ): Promise<T> {
    caller.signal.throwIfAborted();
    const open = await this.#windowOf(caller, allow);
    open.users += 1;
    open.stopIdle();
    try {
      return await this.#work(open, work);
    } finally {
      await this.#used(open);
    }
  }

  async #used(open: OpenWindow): Promise<void> {
    delete open.reach.send;
    this.#left(open);
    await this.#store(open);
  }

  #left(open: OpenWindow): void {
    open.users -= 1;
    open.usedAt = this.#parts.clock.monotonic();
    open.stopIdle();
    open.stopIdle = this.#parts.clock.after(this.#parts.idleMs, () => void this.#closeWindow(open));
  }

  async #work<T>({ window }: OpenWindow, work: (window: BrowserWindow) => Promise<T>): Promise<T> {
    try {
      return await work(window);
    } catch (error) {
      throw window.isClosed ? new WindowDied(error) : error;
    }
  }

  async #windowOf(caller: Caller, allow: (reach: Reach) => void): Promise<OpenWindow> {
    const known = this.#open.get(keyOf(caller));
    const stored = await this.#parts.states?.version(caller);
    const isCurrent = known && !known.window.isClosed && (stored ?? 0) <= known.version;
    if (isCurrent) {
      allow(known.reach);
      return known;
    }
    if (known) await this.#forget(known);
    return await this.#openWindow(caller, allow);
  }

  async #openWindow(caller: Caller, allow: (reach: Reach) => void): Promise<OpenWindow> {
    const { tenantId, sessionId } = caller;
    const stored = (await this.#parts.states?.read(caller)) ?? { state: null, version: 0 };
    const reach: Reach = {};
    allow(reach);
    const options = { state: stored.state, mayReach: (request: WindowRequest) => judgeReach(reach, request) };
    const window = await this.#parts.browser.openWindow(options).catch(async (error: unknown) => {
      if (!BatutaError.has(error, 'browser-busy') || !(await this.#makeRoom())) throw error;
      return await this.#parts.browser.openWindow(options);
    });
    const open: OpenWindow = {
      tenantId,
      sessionId,
      window,
      version: stored.version,
      users: 0,
      usedAt: this.#parts.clock.monotonic(),
      reach,
      stopIdle: () => undefined,
    };
    this.#open.set(keyOf(caller), open);
    this.onOpened({ tenantId, sessionId }, window);
    return open;
  }

  /** Closes the window that has not been used for longest; false when all are in use. */
  async #makeRoom(): Promise<boolean> {
    const [longest] = [...this.#open.values()]
      .filter(({ users }) => users === 0)
      .toSorted((a, b) => a.usedAt - b.usedAt);
    if (!longest) return false;
    await this.#closeWindow(longest);
    return true;
  }

  async #closeWindow(open: OpenWindow): Promise<void> {
    if (open.users > 0) return;
    await this.#forget(open);
  }

  async #forget(open: OpenWindow): Promise<void> {
    open.stopIdle();
    const key = keyOf(open);
    if (this.#open.get(key) === open) this.#open.delete(key);
    await open.window.close();
  }

  /** A state that cannot be stored costs a login later; it does not fail what was done. */
  async #store(open: OpenWindow): Promise<void> {
    const { states, log } = this.#parts;
    if (!states || open.window.isClosed) return;
    try {
      const state = await open.window.state();
      open.version = await states.write(open, { state, version: open.version });
    } catch (error) {
      log.warn('the state of a browser window could not be stored', { session: open.sessionId, error });
    }
  }
}

/** A call failed because its window was gone. */
class WindowDied extends Error {
  constructor(cause: unknown) {
    super('the window is closed', { cause });
  }
}

function unwrap(error: unknown): never {
  throw error instanceof WindowDied ? error.cause : error;
}

function keyOf({ tenantId, sessionId }: { tenantId: string; sessionId: string }): string {
  return `${tenantId} ${sessionId}`;
}
