import { text as readAll } from 'node:stream/consumers';
import type { Run } from '@batuta/contract';
import { InvalidArgumentError } from 'commander';
import { pipeScreen, terminalScreen } from '../chat/open-screen.ts';
import { RunView } from '../chat/run-view.ts';
import { type CommandContext, exitCodes } from '../command-context.ts';
import type { Client } from '../connection/client.ts';
import { connectOrStart } from '../connection/connect.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';

/** Options of `batuta run`. */
export interface RunOptions {
  session?: string;
  /** Seconds as typed; absent: as long as it takes; false: not at all. */
  wait?: string | false;
}

/** `batuta run <agent> <text>`. Exit code 0: succeeded; 1: failed; 3: goes on or waits for a person; 130: cancelled. */
export async function runAgent(
  context: CommandContext,
  work: { agent: string; text: string },
  options: RunOptions,
): Promise<number> {
  const seconds = secondsOf(context, options);
  const input = await inputOf(context, work.text);
  const connection = await connectOrStart(context);
  const { client } = connection;
  try {
    const session = options.session === undefined ? {} : { session_id: options.session };
    const accepted = await client.createRun({ agent: work.agent, input, ...session });
    if (options.wait === false) return await tellAccepted(context, accepted);
    const view = await follow(context, client, { id: accepted.id, seconds });
    return await tellEnd(context, await client.getRun(accepted.id), view);
  } finally {
    await connection.close();
  }
}

function secondsOf(context: CommandContext, options: RunOptions): number | undefined {
  if (options.wait === undefined || options.wait === false) return undefined;
  return numberOption({ name: '--wait', value: options.wait, least: 0, most: 86_400 }, context.say);
}

async function inputOf(context: CommandContext, typed: string): Promise<string> {
  const input = typed === '-' ? await readAll(context.io.input) : typed;
  if (input.trim() === '') throw new InvalidArgumentError(context.say('usage.emptyInput'));
  return input;
}

async function tellAccepted(context: CommandContext, accepted: { id: string }): Promise<number> {
  const text = context.options.json ? JSON.stringify(accepted) : accepted.id;
  await writeText(context.io.output, `${text}\n`);
  return exitCodes.done;
}

/** Shows the run until it ends, wants something from a person, or the time is over. */
async function follow(
  context: CommandContext,
  client: Client,
  run: { id: string; seconds: number | undefined },
): Promise<RunView> {
  const { io, say, options } = context;
  const terminal = io.output.isTTY && !options.json;
  const screen = terminal ? terminalScreen(context) : pipeScreen(context, (text) => text);
  const view = new RunView(options.json ? { ...screen, result: () => undefined } : screen, say);
  const leave = new AbortController();
  const timer = run.seconds === undefined ? undefined : setTimeout(() => leave.abort(), run.seconds * 1000);
  let cancelling = false;
  const off = io.onInterrupt(() => {
    if (cancelling) leave.abort();
    else {
      cancelling = true;
      screen.notice(say('chat.cancelling'));
      client.cancelRun(run.id).catch(() => leave.abort());
    }
  });
  try {
    screen.status(say('chat.working'));
    for await (const item of client.followRun(run.id, leave.signal)) {
      view.take(item);
      if (view.ending !== undefined || view.wanted !== undefined || view.lacksBudget) break;
    }
  } finally {
    clearTimeout(timer);
    off();
    screen.endAnswer();
  }
  return view;
}

async function tellEnd(context: CommandContext, run: Run, view: RunView): Promise<number> {
  const { io, say, errorStyle } = context;
  if (context.options.json) await writeText(io.output, `${JSON.stringify(run)}\n`);
  switch (run.status) {
    case 'succeeded':
      return exitCodes.done;
    case 'failed':
      io.error.write(`${errorStyle.dim(say('run.failedHint', { id: run.id }))}\n`);
      return exitCodes.failed;
    case 'cancelled':
      return exitCodes.interrupted;
    default: {
      const { id, agent, session_id: session } = run;
      const reason = say(`waiting.${run.waiting_for ?? 'input'}`);
      const sentence =
        view.wanted === undefined
          ? say('run.stillWorking', { id, status: say(`status.${run.status}`) })
          : say('run.waits', { id, reason, agent, session });
      io.error.write(`${errorStyle.dim(sentence)}\n`);
      return exitCodes.unfinished;
    }
  }
}
