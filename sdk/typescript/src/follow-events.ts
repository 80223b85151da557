import { BatutaError, type AccessEnded, type Event } from '@batuta/contract';
import { backoffMs } from './backoff.ts';
import { readServerSentEvents } from './read-server-sent-events.ts';
import { readWithin } from './read-within.ts';
import { toFrame, type StreamFrame } from './stream-frame.ts';
import { isTransientStatus, type Transport } from './transport.ts';

/** How a stream is followed. */
export interface FollowOptions {
  /** Cursor of the last frame that the caller has; absent: from the start. */
  after?: string;
  /** Ends the iteration quietly. */
  signal?: AbortSignal;
  /** Connections in a row that may fail, or bring nothing, before the error is thrown. */
  maxFailures?: number;
  /** Milliseconds without a sign of life after which a connection is given up; the server sends one every 15 s. */
  idleMs?: number;
}

/** What to follow. */
export interface FollowTarget {
  path: string;
  /** Set for a run: the stream ends with it. */
  runId?: string;
}

const endings: ReadonlySet<string> = new Set(['run-succeeded', 'run-failed', 'run-cancelled']);
const defaultRetryMs = 1000;
const defaultFailures = 10;

/** Where a stream is: changed by what is read, used for the next connection. */
interface Progress {
  cursor: string | undefined;
  /** The last event of the run was one of its ends; a retry of the run takes it back. */
  hasEnded: boolean;
  failures: number;
  retryMs: number;
}

/**
 * Frames of a stream, each once, over as many connections as it takes. It ends with the run, or when `signal` aborts.
 * Errors: what the server refuses (`run-unknown`, `key-invalid` ...) and `access-ended` at once; `server-unreachable` after too many failures.
 */
export async function* followEvents(
  transport: Transport,
  target: FollowTarget,
  options: FollowOptions = {},
): AsyncGenerator<StreamFrame> {
  const { signal } = options;
  const progress: Progress = { cursor: options.after, hasEnded: false, failures: 0, retryMs: defaultRetryMs };
  for (;;) {
    if (signal?.aborted) return;
    const failure = yield* followOnce(transport, { target, options }, progress);
    if (failure === 'nothing-left' || progress.hasEnded) return;
    progress.failures += 1;
    if (progress.failures > (options.maxFailures ?? defaultFailures)) throw failure ?? brokenOff(target.path);
    await transport.sleep(pauseMs(progress, failure, transport.random), signal);
  }
}

/** What the server asked for, after a first failure in a row; then longer and longer. */
function pauseMs(
  { failures, retryMs }: Progress,
  failure: BatutaError | undefined,
  random: () => number,
): number {
  if (failure !== undefined && 'retry_after_seconds' in failure.data)
    return failure.data.retry_after_seconds * 1000;
  return failures === 1 ? retryMs : Math.max(retryMs, backoffMs(failures, random));
}

/** One connection. Gives back why it ended: with an error, because nothing is left, or undefined when it was just cut. */
async function* followOnce(
  transport: Transport,
  { target, options }: { target: FollowTarget; options: FollowOptions },
  progress: Progress,
): AsyncGenerator<StreamFrame, BatutaError | 'nothing-left' | undefined> {
  const { signal, idleMs = 45_000 } = options;
  const { cursor } = progress;
  const headers = { accept: 'text/event-stream', ...(cursor !== undefined && { 'last-event-id': cursor }) };
  try {
    const answer = await transport.open({ path: target.path, headers, ...(signal && { signal }) });
    if (answer.status === 204 || answer.body === null) return 'nothing-left';
    for await (const frame of framesOf(readWithin(answer.body, { idleMs, url: target.path }), progress)) {
      note(progress, frame, target.runId);
      yield frame;
    }
    return undefined;
  } catch (error) {
    return asTransient(error, target.path);
  }
}

/**
 * Whether a frame only tells that access was reduced: its stream ends there, and the server tells whoever comes back what is left to them.
 * Errors: `access-ended` when nothing is.
 */
function isOnlyAccess({ event, data }: { event: string; data: string }): boolean {
  if (event !== 'access-ended') return false;
  const { reason }: AccessEnded = JSON.parse(data);
  if (reason === 'rights-reduced') return true;
  throw new BatutaError('access-ended', { reason });
}

async function* framesOf(
  bytes: Parameters<typeof readServerSentEvents>[0],
  progress: Progress,
): AsyncGenerator<StreamFrame> {
  for await (const item of readServerSentEvents(bytes)) {
    if (item.type === 'retry') progress.retryMs = item.ms;
    if (item.type === 'event' && !isOnlyAccess(item)) yield toFrame(item);
  }
}

function note(progress: Progress, frame: StreamFrame, runId: string | undefined): void {
  progress.cursor = frame.cursor;
  progress.failures = 0;
  if (frame.type === 'event') progress.hasEnded = isEndOf(frame.event, runId);
}

function isEndOf({ run_id, kind }: Event, runId: string | undefined): boolean {
  return run_id === runId && endings.has(kind);
}

/** A failure after which connecting again makes sense. Throws any other. */
function asTransient(error: unknown, path: string): BatutaError {
  if (!BatutaError.is(error)) return brokenOff(path, error);
  const status = BatutaError.has(error, 'answer-unknown') ? error.data.status : error.status;
  if (isTransientStatus(status)) return error;
  throw error;
}

function brokenOff(url: string, cause?: unknown): BatutaError {
  const reason = cause instanceof Error ? cause.message : 'the stream broke off';
  return new BatutaError('server-unreachable', { url, reason }, { cause });
}
