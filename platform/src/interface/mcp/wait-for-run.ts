import { BatutaError, isEnded, type Run } from '@batuta/contract';
import { z } from 'zod';
import type { McpCall } from './mcp-caller.ts';
import { describeEvent } from './describe-event.ts';

/** Many clients give a call up after a minute. */
const usualWait = 50;
const longestWait = 300;

/** How long a tool may wait for a run, as clients say it. */
export const waitRange = z.number().min(0).max(longestWait);
export const waitSeconds = waitRange.default(usualWait);

/** How long to wait, and whether the run is cancelled with the call. */
interface RunWait {
  seconds: number;
  cancels: boolean;
}

/**
 * The run when it has ended, waits for a person, or the time is over. Meanwhile its events are told as progress, where the client asked
 * for that. A call that is cancelled cancels the run that it started, as far as it still can be.
 */
export async function waitForRun(call: McpCall, id: string, { seconds, cancels }: RunWait): Promise<Run> {
  const { application, identity, signal, stopping } = call;
  const stop = call.progress === null ? null : await followRun(call, id, call.progress);
  try {
    const over = AbortSignal.any([signal, stopping]);
    const run = await application.runs.waitForEnd(identity, id, { seconds, signal: over });
    if (!cancels || !signal.aborted || isEnded(run.status)) return run;
    return await cancelWithCall(call, id);
  } finally {
    stop?.();
  }
}

/** Its end may come first: then it is what it is. */
async function cancelWithCall({ application, identity }: McpCall, id: string): Promise<Run> {
  try {
    return await application.runs.cancel(identity, id, 'The client cancelled its call.');
  } catch (error) {
    if (BatutaError.has(error, 'run-state-conflict')) return application.runs.get(identity, id);
    throw error;
  }
}

/** Each event that means something to a person is one step of progress. */
function followRun(
  { application, identity }: McpCall,
  runId: string,
  tell: (message: string) => void,
): Promise<() => void> {
  return application.streams.follow(
    identity,
    { runId },
    {
      write(frame) {
        const message = describeEvent(frame);
        if (message !== undefined) tell(message);
      },
      end: () => undefined,
    },
  );
}
