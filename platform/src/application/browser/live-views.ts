import type { LiveState, PersonInput } from '@batuta/contract';
import type { ControlLimits } from '../../domain/browser/control.ts';
import type { AuditLog } from '../../port/audit-log.ts';
import type { Clock } from '../../port/clock.ts';
import type { Identity } from '../access/identity.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import { LiveView } from './live-view.ts';
import type { WindowPlace } from './window-states.ts';

/** What live views are made with. */
export interface LiveParts {
  sessions: BrowserSessions;
  limits: ControlLimits;
  clock: Clock;
  audit: Pick<AuditLog, 'record'>;
}

/** Somebody who looks at a browser. Contract: returns at once, never throws. */
export interface LiveViewer {
  state(state: LiveState): void;
  /** A picture (JPEG). */
  frame(image: Uint8Array): void;
}

/** What one who looks can do. All but `close` mean nothing to those who may not. */
export interface LiveConnection {
  takeOver(): void;
  giveBack(): void;
  act(input: PersonInput): Promise<void>;
  close(): void;
}

/** Browsers of this process that people look at, one view for each session. */
export class LiveViews {
  readonly #parts: LiveParts;
  readonly #views = new Map<string, LiveView>();

  constructor(parts: LiveParts) {
    this.#parts = parts;
    parts.sessions.onOpened = (place, window) => this.#views.get(keyOf(place))?.show(window);
  }

  /** Begins to show the browser of a session to somebody who may read it. */
  watch(identity: Identity, sessionId: string, viewer: LiveViewer): LiveConnection {
    const place = { tenantId: identity.tenantId, sessionId };
    const key = keyOf(place);
    const view = this.#views.get(key) ?? new LiveView(place, this.#parts);
    this.#views.set(key, view);
    const connection = view.join(identity, viewer);
    const close = () => {
      connection.close();
      this.#sweep(key, view);
    };
    return { ...connection, close };
  }

  /** The session is deleted, and its window with it. */
  async forget(place: WindowPlace): Promise<void> {
    await this.#parts.sessions.forget(place);
  }

  /** People have control no more. */
  stop(): void {
    for (const view of this.#views.values()) view.stop();
  }

  /** Who looks no more may still be awaited back. */
  #sweep(key: string, view: LiveView): void {
    view.whenUnused(() => {
      if (this.#views.get(key) === view) this.#views.delete(key);
    });
  }
}

function keyOf({ tenantId, sessionId }: WindowPlace): string {
  return `${tenantId} ${sessionId}`;
}
