import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { TerminalSize } from '../../port/sandbox.ts';
import { answered } from './container-end.ts';

/** How long a new size may keep back what is typed. */
const sizedMs = 2_000;
/** How many sizes may wait; the newest one is always among them. */
const mostSizes = 8;
const apartMs = 30;
const againMs = 200;

/** Tells whether the engine has taken the size. Contract: never rejects, and ends. */
export async function resizeContainer(
  container: Docker.Container,
  { columns, rows }: TerminalSize,
): Promise<boolean> {
  try {
    // `running`: Podman takes it as well while the container does not run yet.
    await answered(container.resize({ w: columns, h: rows, running: true }), sizedMs);
    return true;
  } catch {
    return false;
  }
}

/** Gives a container its size before it starts, where the engine can, and time to take it: conmon hands sizes on in its own time. */
export async function sizeEarly(container: Docker.Container, size: TerminalSize): Promise<void> {
  if (!(await resizeContainer(container, size))) return;
  await pause(apartMs);
  await resizeContainer(container, size);
}

/**
 * Sends sizes one after the other: requests that are under way together come in any order, and the last size must be the last. Podman's
 * helper (conmon) now and then loses one of several that come close together: so they keep apart, and the last one is said twice.
 */
export class SizeSender {
  readonly #container: Docker.Container;
  readonly #waiting: TerminalSize[] = [];
  #isSending = false;
  #sent: PromiseWithResolvers<void> | undefined;

  constructor(container: Docker.Container) {
    this.#container = container;
  }

  /** Ends when all sizes were sent. Contract: never rejects. */
  get sent(): Promise<void> {
    return this.#sent?.promise ?? Promise.resolve();
  }

  send(size: TerminalSize): void {
    if (this.#waiting.length >= mostSizes) this.#waiting.pop();
    this.#waiting.push(size);
    this.#sent ??= Promise.withResolvers<void>();
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const last = await this.#sendWaiting();
      this.#sent?.resolve();
      this.#sent = undefined;
      await pause(againMs);
      if (last && this.#waiting.length === 0) await resizeContainer(this.#container, last);
    }
    this.#isSending = false;
  }

  async #sendWaiting(): Promise<TerminalSize | undefined> {
    let last: TerminalSize | undefined;
    for (let size = this.#waiting.shift(); size; size = this.#waiting.shift()) {
      last = size;
      await resizeContainer(this.#container, size);
      await pause(apartMs);
    }
    return last;
  }
}
