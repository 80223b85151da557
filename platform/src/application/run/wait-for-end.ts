import { accessEndedSchema, BatutaError, type AccessEnded, type Run } from '@batuta/contract';
import type { RunRecord } from '../../port/run-record.ts';
import type { Identity } from '../access/identity.ts';
import type { FrameSink } from '../stream/frame.ts';
import type { Streams } from '../stream/streams.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import { findRun } from './runs.ts';
import { renderRun } from './render-run.ts';

/** What waiting needs. */
export interface WaitContext {
  engine: EngineContext;
  streams: Streams;
}

/** How long to wait, and when nobody is interested any more. */
export interface Wait {
  seconds: number;
  signal: AbortSignal;
}

/** The run when it has ended, waits for a person, or the time is over, whichever is first. Errors: `run-unknown`, `access-ended`. */
export async function waitForEnd(
  context: WaitContext,
  identity: Identity,
  request: { id: string; wait: Wait },
): Promise<Run> {
  const { id, wait } = request;
  const done = new AbortController();
  let ended: AccessEnded | undefined;
  const isAsking = async () => {
    const run = await context.engine.runs.get(identity.tenantId, id);
    if (run && waitsForPeople(run, context.engine.clock.now())) done.abort();
  };
  const stop = await context.streams.follow(
    identity,
    { runId: id },
    endSink({ done, isAsking, refuse: (reason) => (ended = reason) }),
  );
  const over = context.engine.clock.sleep(wait.seconds * 1000, AbortSignal.any([wait.signal, done.signal]));
  try {
    await over;
  } finally {
    stop();
  }
  if (ended) throw new BatutaError('access-ended', ended);
  return renderRun(await findRun(context.engine, identity, id));
}

/** Longer than this a run waits for a budget only when somebody must raise it, or its period must turn. */
const passingMs = 60_000;

function waitsForPeople({ waitingFor, wakeAt }: RunRecord, now: number): boolean {
  if (waitingFor === 'budget') return wakeAt === null || wakeAt > now + passingMs;
  return waitingFor === 'input' || waitingFor === 'approval' || waitingFor === 'authorization';
}

interface Ending {
  done: AbortController;
  isAsking: () => Promise<void>;
  refuse: (ended: AccessEnded) => void;
}

/** The log tells of every time that the run was suspended, also of those that are over: its row tells whether it waits now. */
function endSink({ done, isAsking, refuse }: Ending): FrameSink {
  return {
    write: (frame) => {
      if (frame.event === 'access-ended') refuse(accessEndedSchema.parse(JSON.parse(frame.data)));
      if (frame.event === 'run-suspended') void isAsking().catch(() => undefined);
    },
    end: () => done.abort(),
  };
}
