import type { Bus, BusMessage } from '../../port/bus.ts';

/** Joins the buses of platforms in one process, as if each were a process of its own. */
export class MemoryBusHub {
  readonly #buses = new Set<MemoryBus>();

  /** A bus whose messages reach all others of this hub. */
  connect(): Bus {
    const bus: MemoryBus = new MemoryBus({
      send: (message) => {
        for (const other of this.#buses) if (other !== bus) other.deliver(message);
      },
      leave: () => this.#buses.delete(bus),
    });
    this.#buses.add(bus);
    return bus;
  }
}

/** The bus of a process that is alone: nobody else is there to be told. */
export function makeLonelyBus(): Bus {
  return {
    remote: false,
    maxTextBytes: 1_000_000,
    publish: () => undefined,
    subscribe: () => () => undefined,
    onReconnect: () => () => undefined,
    close: async () => undefined,
  };
}

/** Messages arrive in a later turn of the event loop, in order, as they would from another process. */
class MemoryBus implements Bus {
  readonly remote = true;
  readonly maxTextBytes = 6_000;
  readonly #hub: { send: (message: BusMessage) => void; leave: () => void };
  readonly #handlers = new Set<(message: BusMessage) => void>();

  constructor(hub: { send: (message: BusMessage) => void; leave: () => void }) {
    this.#hub = hub;
  }

  publish(message: BusMessage): void {
    this.#hub.send(structuredClone(message));
  }

  subscribe(handler: (message: BusMessage) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  onReconnect(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.#hub.leave();
  }

  deliver(message: BusMessage): void {
    setImmediate(() => {
      for (const handler of this.#handlers) handler(message);
    });
  }
}
