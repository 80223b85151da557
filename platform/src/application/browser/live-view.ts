import type { LiveState, PersonInput } from '@batuta/contract';
import {
  controlDeadline,
  nextControl,
  type Control,
  type ControlEvent,
  type ReturnReason,
} from '../../domain/browser/control.ts';
import type { BrowserWindow, WindowScreen, WindowWatcher } from '../../port/browser.ts';
import type { Identity } from '../access/identity.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import type { WindowHold } from './window-hold.ts';
import type { LiveConnection, LiveParts, LiveViewer } from './live-views.ts';
import type { WindowPlace } from './window-states.ts';

interface Seat {
  identity: Identity;
  person: string;
  viewer: LiveViewer;
}

/** A person's turn, from the wish to its end. */
interface Turn {
  identity: Identity;
  asked: AbortController;
  hold?: WindowHold;
}

/** The browser of one session as people see it, and who of them acts in it: the states are those of `domain/browser/control.ts`. */
export class LiveView implements WindowWatcher {
  readonly #place: WindowPlace;
  readonly #parts: LiveParts;
  readonly #seats = new Set<Seat>();
  #control: Control = { state: 'agent-acts' };
  #returned: ReturnReason | null = null;
  #turn: Turn | undefined;
  #screen: WindowScreen | null = null;
  #window: BrowserWindow | undefined;
  #stopWatching: () => void = () => undefined;
  #stopTimer: () => void = () => undefined;
  #unused: () => void = () => undefined;

  constructor(place: WindowPlace, parts: LiveParts) {
    this.#place = place;
    this.#parts = parts;
  }

  join(identity: Identity, viewer: LiveViewer): LiveConnection {
    const seat: Seat = { identity, viewer, person: personOf(identity) };
    const mayAct = identity.scopes.has('browsers:write');
    const by = (kind: 'asked' | 'gave-back' | 'left' | 'came') =>
      this.#apply({ kind, person: seat.person }, seat);
    this.#seats.add(seat);
    by('came');
    viewer.state(this.#stateFor(seat));
    const window = this.#parts.sessions.find(this.#place);
    if (this.#seats.size === 1 && window) this.show(window);
    else if (window) this.#watchAgain();
    return {
      takeOver: () => mayAct && this.#window !== undefined && by('asked'),
      giveBack: () => by('gave-back'),
      act: (input) => this.#act(seat, input),
      close: () => {
        this.#seats.delete(seat);
        if (![...this.#seats].some(({ person }) => person === seat.person)) by('left');
        if (this.#seats.size === 0) this.#stopWatching();
        this.#tellUnused();
      },
    };
  }

  /** The session has this window now. */
  show(window: BrowserWindow): void {
    this.#window = window;
    if (this.#seats.size > 0) this.#watchAgain();
  }

  stop(): void {
    this.#apply({ kind: 'stopped' });
  }

  /** Calls back when nobody looks or is awaited any more. */
  whenUnused(unused: () => void): void {
    this.#unused = unused;
    this.#tellUnused();
  }

  frame(image: Uint8Array): void {
    for (const { viewer } of this.#seats) viewer.frame(image);
  }

  screen(screen: WindowScreen): void {
    this.#screen = screen;
    this.#tell();
  }

  closed(): void {
    this.#window = undefined;
    this.#screen = null;
    this.#apply({ kind: 'window-closed' });
    this.#tell();
  }

  /** Who comes later is shown what is there, as the first one was. */
  #watchAgain(): void {
    this.#stopWatching();
    this.#stopWatching = this.#window?.watch(this) ?? (() => undefined);
  }

  async #act(seat: Seat, input: PersonInput): Promise<void> {
    const { state } = this.#control;
    if (state !== 'person-acts' || this.#control.person !== seat.person) return;
    this.#apply({ kind: 'acted', person: seat.person }, seat);
    await this.#turn?.hold?.act(input);
  }

  #apply(event: ControlEvent, seat?: Seat): void {
    const before = this.#control;
    const moment = { now: this.#parts.clock.monotonic(), limits: this.#parts.limits };
    const { control, returned } = nextControl(before, event, moment);
    this.#control = control;
    if (returned) this.#end(returned, before);
    if (before.state === 'agent-acts' && control.state === 'person-waits' && seat) void this.#begin(seat);
    this.#wait();
    if (control.state !== before.state) this.#tell();
  }

  async #begin({ identity }: Seat): Promise<void> {
    const turn: Turn = { identity, asked: new AbortController() };
    this.#turn = turn;
    const { signal } = turn.asked;
    const hold = await this.#parts.sessions.hold(this.#place, { person: identity.name, signal });
    if (this.#turn !== turn) return hold?.end();
    if (!hold) return this.#apply({ kind: 'window-closed' });
    turn.hold = hold;
    this.#record(identity, { action: 'browser-taken-over' });
    this.#apply({ kind: 'granted' });
  }

  #end(reason: ReturnReason, before: Control): void {
    const turn = this.#turn;
    this.#turn = undefined;
    this.#returned = reason;
    turn?.asked.abort();
    if (!turn?.hold) return;
    turn.hold.end();
    const since = 'since' in before ? before.since : this.#parts.clock.monotonic();
    const seconds = Math.round((this.#parts.clock.monotonic() - since) / 1000);
    this.#record(turn.identity, { action: 'browser-given-back', after: { reason, seconds } });
  }

  /** Who, when and for how long; never what they did. */
  #record(identity: Identity, deed: { action: string; after?: { reason: string; seconds: number } }): void {
    const { tenantId, sessionId } = this.#place;
    this.#parts.audit.record(tenantId, auditEntry(identity, { ...deed, kind: 'change', target: sessionId }));
  }

  #wait(): void {
    this.#stopTimer();
    const { clock, limits } = this.#parts;
    const deadline = controlDeadline(this.#control, limits);
    if (deadline === null) return;
    const left = Math.max(1, deadline - clock.monotonic());
    this.#stopTimer = clock.after(left, () => this.#apply({ kind: 'time-passed' }));
  }

  #tell(): void {
    for (const seat of this.#seats) seat.viewer.state(this.#stateFor(seat));
    this.#tellUnused();
  }

  #tellUnused(): void {
    if (this.#seats.size === 0 && this.#control.state === 'agent-acts') this.#unused();
  }

  #stateFor({ identity, person }: Seat): LiveState {
    const screen = this.#screen;
    const isHeld = this.#control.state !== 'agent-acts';
    return {
      type: 'state',
      control: {
        state: this.#control.state,
        person: isHeld ? (this.#turn?.identity.name ?? null) : null,
        is_you: 'person' in this.#control && this.#control.person === person,
        returned: this.#returned,
      },
      may_take_over: identity.scopes.has('browsers:write'),
      window: screen && {
        width: screen.width,
        height: screen.height,
        pages: screen.pages.map(({ page, address, title, isCurrent }) => ({
          page,
          url: address,
          title,
          is_current: isCurrent,
        })),
      },
    };
  }
}

function personOf({ userId, keyId, name }: Identity): string {
  return userId ?? keyId ?? name;
}
