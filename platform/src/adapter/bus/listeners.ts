/** A list of handlers; one that throws does not keep the others from being called. */
export class Listeners<Value> {
  readonly #handlers = new Set<(value: Value) => void>();

  add(handler: (value: Value) => void): () => void {
    // Wrapped, so that a handler added twice is called twice and each is removed by itself.
    const entry = (value: Value): void => handler(value);
    this.#handlers.add(entry);
    return () => this.#handlers.delete(entry);
  }

  call(value: Value): void {
    for (const handler of this.#handlers) {
      try {
        handler(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
