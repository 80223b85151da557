import type { Client, RequestOptions } from '@modelcontextprotocol/client';
import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import type { Clock } from '../../port/clock.ts';
import type { ToolContext } from '../../port/tool.ts';

/** How a task stands. The two eras name the wished pace differently; the stateless one tells the result with the state. */
export const taskSchema = z.looseObject({
  taskId: z.string().max(512),
  status: z.string(),
  statusMessage: z.string().nullish(),
  pollIntervalMs: z.number().nullish(),
  pollInterval: z.number().nullish(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string().optional() }).nullish(),
  inputRequests: z.record(z.string(), z.unknown()).nullish(),
});

export type TaskState = z.infer<typeof taskSchema>;

const shortestPollMs = 100;
const longestPollMs = 15_000;
const usualPollMs = 1_000;

/** A task that is followed. */
export interface FollowedTask {
  client: Client;
  clock: Clock;
  server: string;
  context: ToolContext;
  options: RequestOptions;
  /** Answers what the task asks for, and hands the answers in; false: what it asks for comes another way. */
  answer: (state: TaskState) => Promise<boolean>;
}

/**
 * Asks how a task stands until it has ended, at the pace that the server wishes. Its id is told as progress, so that whoever reads the log
 * can ask for it elsewhere. A call that is given up cancels its task.
 */
export async function pollTask(first: TaskState, followed: FollowedTask): Promise<TaskState> {
  const { client, context, options, clock } = followed;
  const { taskId } = first;
  let state = first;
  try {
    while (isOpen(state)) {
      tellProgress(followed, state);
      if (state.status === 'input_required' && !(await followed.answer(state))) return state;
      await clock.sleep(pauseOf(state), context.signal);
      context.signal.throwIfAborted();
      state = await client.request({ method: 'tasks/get', params: { taskId } }, taskSchema, options);
    }
    return state;
  } catch (error) {
    if (context.signal.aborted) await cancelTask(client, taskId);
    throw error;
  }
}

/** Why a task did not give a result. */
export function taskFailure(server: string, { status, statusMessage, error }: TaskState): BatutaError {
  const why = error?.message ?? statusMessage;
  const reason = `its task ended as ${status}${why === undefined || why === null ? '' : `: ${why}`}`;
  return new BatutaError('tool-server-problem', { server, reason });
}

function isOpen({ status }: TaskState): boolean {
  return status === 'working' || status === 'input_required' || status === 'submitted';
}

function tellProgress({ context, server }: FollowedTask, { taskId, status, statusMessage }: TaskState): void {
  const said = statusMessage ? `: ${statusMessage}` : '';
  context.progress({ message: `task ${taskId} of ${server} is ${status.replace('_', ' ')}${said}` });
}

function pauseOf({ pollIntervalMs, pollInterval }: TaskState): number {
  const wished = pollIntervalMs ?? pollInterval ?? usualPollMs;
  return Math.min(longestPollMs, Math.max(shortestPollMs, wished));
}

async function cancelTask(client: Client, taskId: string): Promise<void> {
  const cancelled = z.looseObject({});
  const options = { timeout: 5_000 };
  await client
    .request({ method: 'tasks/cancel', params: { taskId } }, cancelled, options)
    .catch(() => undefined);
}
