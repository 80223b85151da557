import { hash } from 'node:crypto';
import type { CallOutcome } from '@batuta/contract';
import type { CallState, ProgressState } from './state.ts';

/** How much repetition is tolerated. Each count is the number of equal calls (or errors) that triggers the guard. */
export interface ProgressLimits {
  /** The same call with the same arguments and the same result, in a row or alternating with one other; at most 16. */
  repeatedCalls: number;
  /** The same error from the same tool, whatever the arguments. */
  repeatedErrors: number;
}

/** What the guard knows of a run that has finished no call. */
export const noProgressYet: ProgressState = { recent: [], finished: 0, warned: [] };

/** What the guard found. */
export interface Stall {
  pattern: 'repeated-call' | 'repeated-error' | 'oscillation';
  tool: string;
  count: number;
}

/** A call that was denied so often in one attempt. Each denial was the warning. */
export interface DeniedAgain {
  pattern: 'repeated-denial';
  tool: string;
  count: number;
}

const remembered = 64;

/** How often the same call may be denied. */
const mostDenials = 3;

/** A call whose results change may be polling for something: it is given this many times as many tries. */
const pollingFactor = 4;

/** Adds a finished call to what the guard remembers. */
export function remember(
  progress: ProgressState,
  finished: { call: CallState; outcome: CallOutcome; content: string },
): ProgressState {
  const { call, outcome, content } = finished;
  const entry = {
    tool: call.tool,
    signature: digest(`${call.tool}\n${call.arguments}`),
    resultSignature: digest(`${call.tool}\n${outcome}\n${content}`),
    isError: outcome !== 'succeeded',
    isDenied: outcome === 'denied',
  };
  return {
    ...progress,
    finished: progress.finished + 1,
    recent: [...progress.recent, entry].slice(-remembered),
  };
}

/** The pattern in which a run makes no progress; undefined while it does. Pure. */
export function findStall(progress: ProgressState, limits: ProgressLimits): Stall | undefined {
  return repeatedCall(progress, limits) ?? repeatedError(progress, limits) ?? oscillation(progress, limits);
}

/** A call that was denied as often as one may be, whatever came between. Pure. */
export function findDeniedAgain({ recent }: ProgressState): DeniedAgain | undefined {
  const counts = new Map<string, number>();
  for (const { tool, signature, isDenied } of recent) {
    if (!isDenied) continue;
    const count = (counts.get(signature) ?? 0) + 1;
    if (count >= mostDenials) return { pattern: 'repeated-denial', tool, count };
    counts.set(signature, count);
  }
  return undefined;
}

/** What the model is told when the guard warns it. */
export function stallNotice(stall: Stall): string {
  return `You are not making progress (${stall.pattern} of ${stall.tool}, ${stall.count} times). Repeating it will end the run. Do something different, or answer with what you know.`;
}

function repeatedCall({ recent }: ProgressState, limits: ProgressLimits): Stall | undefined {
  const last = recent.at(-1);
  if (!last) return undefined;
  const count = trailing(recent, (entry) => entry.signature === last.signature);
  const same = trailing(
    recent,
    (entry) => entry.signature === last.signature && entry.resultSignature === last.resultSignature,
  );
  const stalled = same >= limits.repeatedCalls || count >= limits.repeatedCalls * pollingFactor;
  return stalled ? { pattern: 'repeated-call', tool: last.tool, count } : undefined;
}

function repeatedError({ recent }: ProgressState, limits: ProgressLimits): Stall | undefined {
  const last = recent.at(-1);
  if (!last?.isError) return undefined;
  const count = trailing(recent, (entry) => entry.resultSignature === last.resultSignature);
  return count >= limits.repeatedErrors ? { pattern: 'repeated-error', tool: last.tool, count } : undefined;
}

/** Two calls that alternate: a, b, a, b ... */
function oscillation({ recent }: ProgressState, limits: ProgressLimits): Stall | undefined {
  const last = recent.at(-1);
  const other = recent.at(-2);
  if (!last || !other || last.signature === other.signature) return undefined;
  let count = 0;
  for (const entry of recent.toReversed()) {
    const expected = count % 2 === 0 ? last : other;
    if (entry.signature !== expected.signature || entry.resultSignature !== expected.resultSignature) break;
    count += 1;
  }
  const pairs = Math.floor(count / 2);
  return pairs >= limits.repeatedCalls
    ? { pattern: 'oscillation', tool: last.tool, count: pairs }
    : undefined;
}

function trailing<T>(items: readonly T[], matches: (item: T) => boolean): number {
  let count = 0;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item === undefined || !matches(item)) break;
    count += 1;
  }
  return count;
}

/** Texts up to here stand for themselves: hashing them would cost more than it saves. Longer than any digest. */
const shortText = 128;

/** Equal for equal texts. A digest has no line end, which every text here has: the two are never mistaken for each other. */
function digest(text: string): string {
  return text.length <= shortText ? text : hash('sha256', text, 'base64url').slice(0, 16);
}
