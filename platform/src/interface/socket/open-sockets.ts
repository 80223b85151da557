import { BatutaError, type Problem } from '@batuta/contract';
import type { WebSocket } from 'ws';
import type { Identity } from '../../application/access/identity.ts';
import type { Application } from '../../application/application.ts';
import type { Clock } from '../../port/clock.ts';
import { SocketConnection, type OpenSocket } from './socket-connection.ts';
import { narrowLimits, type SocketLimits, type SocketSettings } from './socket-limits.ts';

const retrySeconds = 5;

/** A place among the open WebSockets, taken before the upgrade. */
export interface Seat {
  leave(): void;
}

/** What was decided about a connection before its upgrade. */
export interface AdmittedSocket {
  identity: Identity;
  seat: Seat;
  limits: SocketLimits;
  open: OpenSocket;
}

interface OpenSocketsParts {
  settings: SocketSettings;
  clock: Clock;
  /** Tells when somebody may no longer enter as before. */
  watch: Application['access']['watch'];
  /** What one of a tenant is told of whatever was thrown. */
  toProblem: (identity: Identity, error: unknown) => Problem;
}

/** All WebSockets of this process: how many there are and whose, one timer for their signs of life. */
export class OpenSockets {
  readonly #parts: OpenSocketsParts;
  readonly #connections = new Set<SocketConnection>();
  readonly #seatsByCaller = new Map<string, number>();
  #seats = 0;
  #isEnding = false;
  #stopTimer: (() => void) | undefined;

  constructor(parts: OpenSocketsParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#seats;
  }

  /** The limits of an endpoint that asks for less than the configuration allows. */
  limits(own: Partial<SocketLimits>): SocketLimits {
    return narrowLimits(this.#parts.settings, own);
  }

  /** Takes a place. Errors: `sockets-full`, `sockets-too-many`. */
  take(identity: Identity): Seat {
    const { maxOpen, maxPerCaller } = this.#parts.settings;
    const caller = callerOf(identity);
    const own = this.#seatsByCaller.get(caller) ?? 0;
    const retry = { retry_after_seconds: retrySeconds };
    if (this.#seats >= maxOpen) throw new BatutaError('sockets-full', { limit: maxOpen, ...retry });
    if (own >= maxPerCaller) throw new BatutaError('sockets-too-many', { limit: maxPerCaller, ...retry });
    this.#seats += 1;
    this.#seatsByCaller.set(caller, own + 1);
    let isTaken = true;
    return {
      leave: () => {
        if (isTaken) this.#leave(caller);
        isTaken = false;
      },
    };
  }

  /** Begins to serve a connection that was upgraded. */
  begin(socket: WebSocket, { identity, seat, limits, open }: AdmittedSocket): void {
    const { clock, watch, toProblem } = this.#parts;
    const connection = new SocketConnection(socket, {
      limits,
      clock,
      toProblem: (error) => toProblem(identity, error),
      removed: () => {
        this.#connections.delete(connection);
        seat.leave();
        unwatch();
      },
    });
    const unwatch = watch(identity, (reason) => connection.fail(new BatutaError('access-ended', { reason })));
    this.#connections.add(connection);
    this.#stopTimer ??= this.#wait();
    if (this.#isEnding) connection.fail(serverStopping());
    else void connection.begin(open);
  }

  /** Closes all with the hint to connect again, to another process or to this one after its restart. */
  end(): void {
    this.#isEnding = true;
    for (const connection of this.#connections) connection.fail(serverStopping());
  }

  #leave(caller: string): void {
    this.#seats -= 1;
    const left = (this.#seatsByCaller.get(caller) ?? 1) - 1;
    if (left > 0) this.#seatsByCaller.set(caller, left);
    else this.#seatsByCaller.delete(caller);
    if (this.#seats > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #wait(): () => void {
    return this.#parts.clock.after(this.#parts.settings.pingSeconds * 1000, () => {
      this.#stopTimer = this.#wait();
      for (const connection of this.#connections) connection.sweep();
    });
  }
}

function serverStopping(): BatutaError {
  return new BatutaError('server-stopping', { retry_after_seconds: 1 });
}

function callerOf({ tenantId, userId, keyId, name }: Identity): string {
  return `${tenantId} ${userId ?? keyId ?? name}`;
}
