/**
 * Wakes the workers of pg-boss when a job was enqueued. It takes the place of the database's LISTEN: what this process enqueues it
 * knows itself, and other processes say it over the bus, so that no further connection is held for it.
 */
export class WakeChannel {
  #hear: ((name: string) => void) | undefined;

  /** What pg-boss calls `listen`. */
  readonly listen = async (
    _channel: string,
    onNotification: (name: string) => void,
    onReconnect: () => void,
  ): Promise<{ close(): Promise<void> }> => {
    this.#hear = onNotification;
    onReconnect();
    return {
      close: async () => {
        this.#hear = undefined;
      },
    };
  };

  /** There is a job of this name. */
  wake(name: string): void {
    this.#hear?.(name);
  }
}
