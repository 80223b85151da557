import { BatutaError } from '@batuta/contract';
import type { Browser, BrowserWindow, WindowRequest } from '../../port/browser.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { ToolContext } from '../../port/tool.ts';
import type { WindowStates } from './window-states.ts';

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
type Caller = Pick<ToolContext, 'tenantId' | 'sessionId' | 'mayReach' | 'signal'>;

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

interface Reach {
  read?: ToolContext['mayReach'];
  send?: ToolContext['mayReach'];
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

  #inTurn<T>(
    caller: Caller,
    allow: (reach: Reach) => void,
    work: (window: BrowserWindow) => Promise<T>,
  ): Promise<T> {
    const key = keyOf(caller);
    const before = this.#queues.get(key) ?? Promise.resolve();
    const mine = before.then(() => this.#use(caller, allow, work));
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
      open.users -= 1;
      open.usedAt = this.#parts.clock.monotonic();
      delete open.reach.send;
      open.stopIdle = this.#parts.clock.after(this.#parts.idleMs, () => void this.#closeWindow(open));
      await this.#store(open);
    }
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
    const options = { state: stored.state, mayReach: (request: WindowRequest) => judge(reach, request) };
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

/** What a request of a page may reach: reading by the rules of reading calls, sending by those of the call that sends. */
function judge({ read, send }: Reach, { url, addresses, sends }: WindowRequest): void {
  if (sends === true) {
    if (!send)
      throw new BatutaError('browser-failed', { what: 'send', reason: 'nothing may be sent now', hint: '' });
    return send(url, addresses);
  }
  const reads = read ?? send;
  if (sends === false || !send || reads === send) return reads?.(url, addresses);
  try {
    reads?.(url, addresses);
  } catch {
    // A connection may carry either.
    send(url, addresses);
  }
}

function keyOf({ tenantId, sessionId }: { tenantId: string; sessionId: string }): string {
  return `${tenantId} ${sessionId}`;
}
