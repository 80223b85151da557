import { text as readAll } from 'node:stream/consumers';
import type { Approval, ArgumentPattern, DecideApproval, JsonObject } from '@batuta/contract';
import { InvalidArgumentError } from 'commander';
import { readArguments } from '../approval/read-arguments.ts';
import { renderApproval, renderEdit } from '../approval/render-approval.ts';
import { describePattern, inputOf, readNames, widenedPattern } from '../approval/session-pattern.ts';
import { type CommandContext, exitCodes } from '../command-context.ts';
import type { Client } from '../connection/client.ts';
import { withClient } from '../connection/with-client.ts';
import { askLine } from '../terminal/ask-line.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';

/** Options of `batuta approvals decide` and `deny`. */
export interface DecideOptions {
  reason?: string;
}

/** Options of `batuta approvals approve`. */
export interface ApproveOptions extends DecideOptions {
  edit?: string;
  forSession?: boolean;
  any?: string;
  yes?: boolean;
}

/** `batuta approvals decide ID DECISION`, `deny ID` and `answer ID TEXT`. */
export async function decideApproval(
  context: CommandContext,
  id: string,
  body: DecideApproval,
): Promise<number> {
  return tell(context, await withClient(context, (client) => client.decideApproval(id, body)));
}

/** `batuta approvals answer ID TEXT`. */
export async function answerApproval(context: CommandContext, id: string, typed: string): Promise<number> {
  const answer = (typed === '-' ? await readAll(context.io.input) : typed).trim();
  if (answer === '') throw new InvalidArgumentError(context.say('usage.emptyInput'));
  return decideApproval(context, id, { decision: 'answer', answer });
}

/**
 * `batuta approvals approve ID`. On a terminal exactly what would run is shown, and asked back. Elsewhere the command is the decision,
 * except that a pattern must have been read: it needs `--yes`.
 */
export async function approveApproval(
  context: CommandContext,
  id: string,
  options: ApproveOptions,
): Promise<number> {
  const { say, io } = context;
  if (options.any !== undefined && !options.forSession)
    throw new InvalidArgumentError(say('usage.anyNeedsSession'));
  const edited = await editOf(context, options.edit);
  return withClient(context, async (client) => {
    const approval = await client.getApproval(id);
    const pattern = options.forSession ? patternOf(context, { approval, edited, options }) : undefined;
    if (!(await isConfirmed(context, { approval, edited, pattern, options }))) {
      await writeText(io.error, `${say('approval.notDecided')}\n`);
      return exitCodes.failed;
    }
    return approve(context, client, { id, edited, pattern, options });
  });
}

interface Approving {
  id: string;
  edited: JsonObject | undefined;
  pattern: ArgumentPattern | undefined;
  options: ApproveOptions;
}

async function approve(context: CommandContext, client: Client, approving: Approving): Promise<number> {
  const { id, edited, pattern, options } = approving;
  const decided = await client.decideApproval(id, {
    decision: 'approve',
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(edited === undefined ? {} : { arguments: edited }),
    ...(pattern === undefined ? {} : { for_session: { pattern } }),
  });
  return tell(context, decided);
}

async function editOf({ io, say }: CommandContext, typed?: string): Promise<JsonObject | undefined> {
  if (typed === undefined) return undefined;
  const read = readArguments(typed === '-' ? await readAll(io.input) : typed);
  if (read.ok) return read.value;
  throw new InvalidArgumentError(say('usage.editNotJson', { reason: read.reason }));
}

function patternOf(
  { say }: CommandContext,
  { approval, edited, options }: Pick<Approving, 'edited' | 'options'> & { approval: Approval },
): ArgumentPattern {
  const input = inputOf(approval, edited);
  const widened = widenedPattern(input, readNames(options.any ?? ''));
  if ('pattern' in widened) return widened.pattern;
  const names = Object.keys(input).map(safeLine).join(', ');
  throw new InvalidArgumentError(say('approval.unknownArgument', { name: widened.unknown, names }));
}

type Confirming = Omit<Approving, 'id'> & { approval: Approval };

async function isConfirmed(context: CommandContext, asked: Confirming): Promise<boolean> {
  const { io, say, options: global } = context;
  const { approval, pattern, options } = asked;
  if (options.yes || approval.status !== 'pending') return true;
  const isTerminal = io.input.isTTY && io.error.isTTY && !global.json;
  if (!isTerminal && pattern !== undefined) throw new InvalidArgumentError(say('usage.needsYes'));
  return isTerminal ? askBack(context, asked) : true;
}

/** Shows exactly what would run, and asks. */
async function askBack(context: CommandContext, asked: Confirming): Promise<boolean> {
  const { io, say } = context;
  const { approval, edited, pattern } = asked;
  const shown = [renderApproval(approval, { say, style: context.errorStyle })];
  if (edited !== undefined) shown.push('\n', renderEdit(edited, context));
  if (pattern !== undefined) {
    const title = say('approval.pattern', { tool: safeLine(approval.tool) });
    shown.push(`\n${[title, ...describePattern(pattern, say)].join('\n')}\n`);
  }
  await writeText(io.error, `${shown.join('')}\n`);
  const question = pattern === undefined ? say('approval.confirm') : say('approval.confirmSession');
  const typed = (await askLine(io, `${question} [${say('approval.confirmHow')}] `)).toLowerCase();
  return typed === say('approval.yes') || typed === 'y';
}

async function tell(context: CommandContext, approval: Approval): Promise<number> {
  const { id, decision } = approval;
  const sentence = context.say('approval.decided', { id, decision: decision ?? '' });
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(approval) : sentence}\n`);
  return exitCodes.done;
}
