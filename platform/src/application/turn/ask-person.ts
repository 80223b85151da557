import type { JsonObject } from '@batuta/contract';
import { readAnswer } from '../../domain/tool/read-answer.ts';
import type { StoredSignal } from '../../port/run-record.ts';
import type { ToolAnswer, ToolQuestion } from '../../port/tool.ts';
import type { CallDesk } from './call-desk.ts';
import type { CallLimits } from './call-limits.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import type { PreparedCall } from './prepare-calls.ts';
import { questionDuringCall } from './request-approval.ts';

/** How often a person is asked again whose answer is not of the form that the tool needs. */
const mostTries = 3;
const longestQuestion = 4_000;

/** A call under way, and what it is watched and told by. */
export interface AskingCall {
  prepared: PreparedCall;
  desk: CallDesk;
  limits: CallLimits;
}

/** Puts the question of a call that is under way to a person, and waits for the answer while its time limit rests. */
export async function askPerson(
  context: EngineContext,
  held: HeldRun,
  asking: AskingCall & { asked: ToolQuestion },
): Promise<ToolAnswer> {
  const { asked, limits } = asking;
  limits.pause();
  try {
    let text = asked.question.slice(0, longestQuestion).toWellFormed();
    for (let tries = 0; tries < mostTries; tries += 1) {
      const decided = await askOnce(context, held, { ...asking, text, until: asked.until });
      if (decided === null) return { action: 'cancel' };
      if (decided.decision !== 'answer' || decided.answer === undefined) return { action: 'decline' };
      const read = readAnswer(decided.answer, asked.schema);
      if (read.ok) return { action: 'accept', content: read.content satisfies JsonObject };
      text = `${asked.question.slice(0, longestQuestion)}\n(${read.summary})`;
    }
    return { action: 'cancel' };
  } finally {
    limits.resume();
  }
}

type Decided = Extract<StoredSignal, { kind: 'approval-decided' }>['data'];

/** The decision; null when nobody decided in time, or the run was interrupted. */
async function askOnce(
  context: EngineContext,
  held: HeldRun,
  { prepared, desk, text, until }: AskingCall & { text: string; until: AbortSignal | undefined },
): Promise<Decided | null> {
  if (until?.aborted) return null;
  const { event, approval } = questionDuringCall(context, held, { ...prepared, text });
  const { promise, resolve } = Promise.withResolvers<Decided | null>();
  const stopListening = held.control.onSignal((signal) => {
    if (signal.kind === 'approval-decided' && signal.data.approvalId === approval.id) resolve(signal.data);
  });
  const stopInterruption = held.control.onInterruption(() => resolve(null));
  const takeBack = () => resolve(null);
  until?.addEventListener('abort', takeBack, { once: true });
  const stopTimer = context.clock.after(context.settings.questionMs, () => resolve(null));
  desk.hand({ events: [event], rows: { approvals: [approval] } });
  const decided = await promise;
  until?.removeEventListener('abort', takeBack);
  stopListening();
  stopInterruption();
  stopTimer();
  if (decided === null) desk.hand({ events: [], rows: { closings: [{ id: approval.id, as: 'withdrawn' }] } });
  return decided;
}
