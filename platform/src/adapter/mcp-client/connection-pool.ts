import { BatutaError } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import { pauseAfter } from './backoff.ts';
import type { Connection } from './connection.ts';
import { reasonOf } from './describe-failure.ts';
import type { Caller, ToolServerOptions } from './server-options.ts';

export interface PoolOptions {
  server: ToolServerOptions;
  clock: Clock;
  log: Log;
  random: () => number;
  /** Makes a connection with what the caller may use: secrets of the tenant, the grant of the user. */
  connect: (caller: Caller) => Promise<Connection>;
}

/** What is known of one caller's connection. */
interface Slot {
  connection: Connection | undefined;
  connecting: Promise<Connection> | undefined;
  /** In a row; a connection that held for a while is no failure. */
  failures: number;
  openedAt: number;
  /** Not before this time is it tried again. */
  notBefore: number;
  lastReason: string;
  lastUsed: number;
}

/** A call waits so long for the end of a pause; if it is longer, the call fails at once and says why. */
const longestWaitMs = 5_000;

/** A server that ends again and again is started less and less often, until it has run for so long. */
const steadyMs = 60_000;

/**
 * The connections to one server, one for each who must not share.
 *
 * none -- somebody needs it --> connecting -- done --> open -- it ends, or nobody uses it --> none
 *                               connecting -- failed --> pause (longer each time) -- over, and somebody needs it --> connecting
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #slots = new Map<string, Slot>();
  #isClosed = false;
  #stopSweeping: () => void = () => undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweepLater();
  }

  /** The connection that a caller uses: shared by all, of the tenant, or of the user who signed in. */
  keyOf({ tenantId, userId }: Caller): string {
    const { server } = this.#options;
    if (server.place.kind === 'http' && server.place.perUser) return JSON.stringify([tenantId, userId]);
    return server.shared ? 'shared' : tenantId;
  }

  /** An open connection. Errors: `tool-server-unavailable`, and those of the authorisation. */
  async acquire(caller: Caller, signal?: AbortSignal): Promise<Connection> {
    const key = this.keyOf(caller);
    const slot = this.#slotOf(key);
    slot.lastUsed = this.#options.clock.now();
    if (slot.connection && !slot.connection.isOver) return slot.connection;
    if (!slot.connecting) {
      await this.#waitForPause(slot, signal);
      slot.connecting ??= this.#connect(slot, caller).finally(() => (slot.connecting = undefined));
    }
    return await slot.connecting;
  }

  /** Milliseconds until a caller's connection may be tried again. */
  pauseLeft(caller: Caller): number {
    const slot = this.#slots.get(this.keyOf(caller));
    return Math.max(0, (slot?.notBefore ?? 0) - this.#options.clock.now());
  }

  /** Closes a connection that is of no more use; the next call makes another. */
  async discard(connection: Connection): Promise<void> {
    for (const slot of this.#slots.values()) if (slot.connection === connection) slot.connection = undefined;
    await connection.close();
  }

  /** Closes the connections of a caller, such as when a grant was withdrawn. */
  async forget(caller: Caller): Promise<void> {
    const key = this.keyOf(caller);
    const slot = this.#slots.get(key);
    this.#slots.delete(key);
    await slot?.connection?.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopSweeping();
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    const pending = slots.map(async ({ connection, connecting }) => {
      await connection?.close();
      await (await connecting?.catch(() => undefined))?.close();
    });
    await Promise.all(pending);
  }

  #slotOf(key: string): Slot {
    const known = this.#slots.get(key);
    if (known) return known;
    const { clock } = this.#options;
    const slot: Slot = {
      connection: undefined,
      connecting: undefined,
      failures: 0,
      openedAt: 0,
      notBefore: 0,
      lastReason: '',
      lastUsed: clock.now(),
    };
    this.#slots.set(key, slot);
    return slot;
  }

  async #waitForPause(slot: Slot, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#options;
    const left = slot.notBefore - clock.now();
    if (left <= 0) return;
    if (left > longestWaitMs)
      throw this.#unavailable(`${slot.lastReason}; it is tried again in ${Math.ceil(left / 1000)} s`);
    await clock.sleep(left, signal);
    signal?.throwIfAborted();
  }

  async #connect(slot: Slot, caller: Caller): Promise<Connection> {
    if (this.#isClosed) throw this.#unavailable('the platform is stopping');
    await this.#makeRoom();
    const { connect, clock, random } = this.#options;
    try {
      const connection = await connect(caller);
      if (this.#isClosed) {
        await connection.close();
        throw this.#unavailable('the platform is stopping');
      }
      slot.connection = connection;
      slot.openedAt = clock.now();
      void connection.over.then(() => this.#ended(slot, connection));
      return connection;
    } catch (error) {
      // As soon as the person has consented, it is worth trying.
      if (BatutaError.has(error, 'authorization-needed')) throw error;
      slot.failures += 1;
      slot.notBefore = clock.now() + pauseAfter(slot.failures, random);
      slot.lastReason = BatutaError.has(error, 'tool-server-unavailable')
        ? error.data.reason
        : reasonOf(error);
      throw error;
    }
  }

  #ended(slot: Slot, connection: Connection): void {
    if (slot.connection !== connection) return;
    slot.connection = undefined;
    const { server, log, clock, random } = this.#options;
    if (this.#isClosed) return;
    const hasHeld = clock.now() - slot.openedAt > steadyMs;
    slot.failures = hasHeld ? 1 : slot.failures + 1;
    slot.notBefore = clock.now() + pauseAfter(slot.failures, random);
    slot.lastReason = connection.reason ?? 'the connection ended';
    log.warn('the connection to a tool server ended', { server: server.name, reason: slot.lastReason });
  }

  /** Closes what has been idle for longest when there are as many connections as there may be. */
  async #makeRoom(): Promise<void> {
    const { server } = this.#options;
    const open = [...this.#slots.values()].filter(
      ({ connection, connecting }) => connection !== undefined || connecting !== undefined,
    );
    if (open.length < server.limits.connections) return;
    const idle = open
      .filter(({ connection }) => connection && !connection.isBusy)
      .toSorted((a, b) => a.lastUsed - b.lastUsed)[0];
    if (!idle?.connection)
      throw this.#unavailable(`all its ${server.limits.connections} connections are in use; try again later`);
    await this.discard(idle.connection);
  }

  #sweepLater(): void {
    const { clock, server } = this.#options;
    this.#stopSweeping = clock.after(server.limits.idleMs / 2, () => {
      void this.#sweep();
      if (!this.#isClosed) this.#sweepLater();
    });
  }

  async #sweep(): Promise<void> {
    const { clock, server } = this.#options;
    const before = clock.now() - server.limits.idleMs;
    for (const [key, slot] of this.#slots) {
      if (slot.connecting || slot.connection?.isBusy === true || slot.lastUsed > before) continue;
      this.#slots.delete(key);
      await slot.connection?.close();
    }
  }

  #unavailable(reason: string): BatutaError {
    return new BatutaError('tool-server-unavailable', { server: this.#options.server.name, reason });
  }
}
