import { exitCodes } from '../command-context.ts';
import { codeOf } from '../failure.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { type ActiveRun, answerOf } from './active-run.ts';
import { ApprovalDialog } from './approval-dialog.ts';
import type { Conversation } from './conversation.ts';
import type { RunView } from './run-view.ts';
import { parseSlashCommand } from './slash-command.ts';

/**
 * Takes lines while a run works. A person's lines reach it at once. A pipe's next line is taken only when the run wants
 * something; otherwise it is the next message, for after the run. Never rejects.
 */
export async function takeLines(conversation: Conversation, active: ActiveRun): Promise<void> {
  const { lines } = conversation.parts;
  const { signal } = active.leave;
  while (!signal.aborted) {
    if (!lines.interactive) await active.wanting();
    const line = await lines.next(signal);
    if (signal.aborted) {
      if (line !== undefined) conversation.postpone(line);
      return;
    }
    if (line === undefined) return inputEnded(conversation, active);
    await deliver(conversation, active, line);
  }
}

function inputEnded(conversation: Conversation, active: ActiveRun): void {
  const { lines, screen, say } = conversation.parts;
  const { wanted } = active.view;
  if (lines.interactive || wanted === undefined) return conversation.leave();
  const reason = say(wanted.kind === 'input' ? 'waiting.input' : 'waiting.approval');
  screen.important(say('chat.endedUnanswered', { reason }));
  conversation.leave(exitCodes.unfinished);
}

async function deliver(conversation: Conversation, active: ActiveRun, line: string): Promise<void> {
  if (line.trim() === '') return;
  const { wanted } = active.view;
  try {
    const command = parseSlashCommand(line);
    if (command !== undefined) await conversation.command(command);
    else if (active.view.wanted?.kind === 'approval') await decide(conversation, active, line);
    else await speak(conversation, active, line);
  } catch (error) {
    if (wanted !== undefined) active.stillWants(wanted);
    conversation.complain(error);
  }
}

/** An answer to the run's question, or a message that steers it. */
async function speak(conversation: Conversation, active: ActiveRun, line: string): Promise<void> {
  const { client, screen, say } = conversation.parts;
  const { wanted } = active.view;
  const isAnswer = wanted?.kind === 'input';
  if (isAnswer) active.satisfied();
  try {
    await client.steerRun(active.id, isAnswer ? answerOf(line, wanted.options) : line);
    if (!isAnswer) screen.notice(say('chat.steered'));
  } catch (error) {
    // The run ended while the line was typed.
    if (codeOf(error) !== 'run-state-conflict') throw error;
    conversation.postpone(line);
  }
}

/** Answers to a question that somebody else, or nobody in time, has decided. */
const decidedElsewhere: ReadonlySet<string> = new Set([
  'approval-decided-already',
  'approval-expired',
  'approval-withdrawn',
]);

/** Answers to somebody who may not decide: the run waits on, for somebody else. */
const mayNot: ReadonlySet<string> = new Set(['permission-missing', 'approval-role-missing']);

async function decide(conversation: Conversation, active: ActiveRun, line: string): Promise<void> {
  const { client, say } = conversation.parts;
  const { wanted } = active.view;
  if (wanted?.kind !== 'approval') return;
  const body = await dialogOf(conversation, active, wanted).take(line);
  if (body === undefined) return conversation.prompt();
  active.satisfied();
  try {
    await client.decideApproval(wanted.approvalId, body);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (decidedElsewhere.has(code)) return conversation.remark(say('chat.approvalGone'));
    if (!mayNot.has(code)) throw error;
    const message = safeLine(error instanceof Error ? error.message : code);
    conversation.remark(say('chat.approvalMayNot', { message }));
  }
}

/** The dialog about what the run wants; each approval has its own. */
export function dialogOf(
  conversation: Conversation,
  active: ActiveRun,
  wanted: Extract<NonNullable<RunView['wanted']>, { kind: 'approval' }>,
): ApprovalDialog {
  const { client, say, screen } = conversation.parts;
  if (active.dialog?.approvalId !== wanted.approvalId)
    active.dialog = new ApprovalDialog(wanted, { client, say, tell: (text) => screen.important(text) });
  return active.dialog;
}
