/*
 * Who acts in a browser window.
 *
 * `agent-acts` -> `person-waits`: a person asked for control; a call of the agent may be under way, and ends first.
 * `person-waits` -> `person-acts`: no call is under way any more. -> `agent-acts`: the person gave up or left.
 * `person-acts` -> `person-away`: their last connection was lost. -> `agent-acts`: given back, nothing done for long, had for too long, the window
 * has closed, the platform stops.
 * `person-away` -> `person-acts`: they came back in time. -> `agent-acts`: they did not, and everything that ends `person-acts`.
 *
 * While it is not the agent's turn, its calls wait. Nobody takes control from another person.
 */

/** Where control is. Times are monotonic milliseconds. */
export type Control =
  | { state: 'agent-acts' }
  | { state: 'person-waits'; person: string }
  | { state: 'person-acts'; person: string; since: number; actedAt: number }
  | { state: 'person-away'; person: string; since: number; actedAt: number; leftAt: number };

/** What happens to control. `person` names who does it. */
export type ControlEvent =
  | { kind: 'asked' | 'acted' | 'left' | 'came' | 'gave-back'; person: string }
  | { kind: 'granted' | 'time-passed' | 'window-closed' | 'stopped' };

/** Why control went back to the agent. */
export type ReturnReason =
  | 'given-back'
  | 'idle'
  | 'too-long'
  | 'connection-lost'
  | 'window-closed'
  | 'platform-stopped';

/** How long a person may have control. */
export interface ControlLimits {
  /** Without doing anything. */
  idleMs: number;
  /** Without a connection. */
  graceMs: number;
  /** At all. */
  totalMs: number;
}

/** What is known when something happens. */
export interface ControlMoment {
  now: number;
  limits: ControlLimits;
}

/** Where control is after something happened, and why it went back to the agent, where it did. */
export interface ControlStep {
  control: Control;
  returned?: ReturnReason;
}

/** Pure and total: what means nothing in a state changes nothing. */
export function nextControl(control: Control, event: ControlEvent, moment: ControlMoment): ControlStep {
  switch (control.state) {
    case 'agent-acts':
      return { control: event.kind === 'asked' ? { state: 'person-waits', person: event.person } : control };
    case 'person-waits':
      return whileWaiting(control, event, moment.now);
    case 'person-acts':
    case 'person-away':
      return whileHeld(control, event, moment);
  }
}

/** When time alone changes something; null: never. */
export function controlDeadline(control: Control, limits: ControlLimits): number | null {
  if (control.state === 'agent-acts' || control.state === 'person-waits') return null;
  const ends = [control.actedAt + limits.idleMs, control.since + limits.totalMs];
  if (control.state === 'person-away') ends.push(control.leftAt + limits.graceMs);
  return Math.min(...ends);
}

type Waiting = Extract<Control, { state: 'person-waits' }>;
type Held = Extract<Control, { since: number }>;

function whileWaiting(control: Waiting, event: ControlEvent, now: number): ControlStep {
  const { person } = control;
  if (event.kind === 'granted')
    return { control: { state: 'person-acts', person, since: now, actedAt: now } };
  const ended = endOf(event);
  if (ended) return back(ended);
  const isTheirs = 'person' in event && event.person === person;
  if (isTheirs && event.kind === 'gave-back') return back('given-back');
  return isTheirs && event.kind === 'left' ? back('connection-lost') : { control };
}

function whileHeld(control: Held, event: ControlEvent, moment: ControlMoment): ControlStep {
  const over = endOf(event) ?? overdue(control, moment);
  if (over) return back(over);
  return 'person' in event && event.person === control.person
    ? byThem(control, event.kind, moment.now)
    : { control };
}

function byThem(
  control: Held,
  kind: Extract<ControlEvent, { person: string }>['kind'],
  now: number,
): ControlStep {
  const { person, since, actedAt } = control;
  switch (kind) {
    case 'gave-back':
      return back('given-back');
    case 'left':
      return control.state === 'person-away'
        ? { control }
        : { control: { state: 'person-away', person, since, actedAt, leftAt: now } };
    case 'asked':
    case 'came':
      return { control: { state: 'person-acts', person, since, actedAt } };
    case 'acted':
      return { control: { state: 'person-acts', person, since, actedAt: now } };
  }
}

function endOf({ kind }: ControlEvent): ReturnReason | undefined {
  if (kind === 'window-closed') return 'window-closed';
  return kind === 'stopped' ? 'platform-stopped' : undefined;
}

function overdue(control: Held, { now, limits }: ControlMoment): ReturnReason | undefined {
  if (control.state === 'person-away' && now - control.leftAt >= limits.graceMs) return 'connection-lost';
  if (now - control.actedAt >= limits.idleMs) return 'idle';
  return now - control.since >= limits.totalMs ? 'too-long' : undefined;
}

function back(returned: ReturnReason): ControlStep {
  return { control: { state: 'agent-acts' }, returned };
}
