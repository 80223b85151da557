/** The rules of durability, checked for one crash: from the log, and from what the outside world has counted. */
import type { StoredCase, StoredCaseEvent } from '@batuta/testkit/crash/protocol';
import { expect } from 'vitest';
import { answersOf, lastWords } from './clerk-scenario.ts';
import type { CrashCase } from './crash-relay.ts';
import { expectMoneyBalanced } from './money-rules.ts';

const effectTools = ['put', 'send', 'erase'];

/** Everything that must hold after a crash and the recovery from it. */
export function expectRules(crash: CrashCase): void {
  expectNothingLost(crash);
  expectLogGoesOn(crash);
  expectLogInOrder(crash);
  expectRecoveryTold(crash);
  expectOneResultForEachCall(crash);
  expectWrittenAhead(crash);
  expectNeverTwice(crash);
  expectUnknownAskedAbout(crash);
  expectParentAndChildAgree(crash);
  expectMoneyBalanced(crash);
}

/** Rule 1: an acknowledged run exists, the same key gives the same run, and every run ends. */
function expectNothingLost({ name, acknowledged, before, after, repeatedId, run }: CrashCase): void {
  if (acknowledged !== null) {
    expect(
      before.runs.map((each) => each.id),
      `${name}: acknowledged`,
    ).toContain(acknowledged);
  }
  const [parent, child, ...more] = after.runs;
  expect(more, `${name}: no run is accepted twice`).toEqual([]);
  expect(parent?.id, `${name}: the key gives the same run`).toBe(repeatedId);
  if (before.runs[0]) expect(before.runs[0].id, `${name}: the stored run goes on`).toBe(repeatedId);
  expect(run, `${name}: the run has succeeded`).toMatchObject({
    status: 'succeeded',
    output: { text: lastWords.clerk },
  });
  expect([parent?.status, child?.status], `${name}: all runs have ended`).toEqual(['succeeded', 'succeeded']);
  expect(
    after.runs.map((each) => each.signals_pending),
    `${name}: no signal is left`,
  ).toEqual([0, 0]);
}

/** What was written before the crash is the beginning of what is there afterwards. */
function expectLogGoesOn({ name, before, after }: CrashCase): void {
  for (const { session_id: session } of before.runs) {
    const written = eventsOf(before, session);
    expect(eventsOf(after, session).slice(0, written.length), `${name}: the log is only added to`).toEqual(
      written,
    );
  }
}

/** Places in the log have no gaps; a lease never writes after a later one has. */
function expectLogInOrder({ name, after }: CrashCase): void {
  for (const { session_id: session } of after.runs) {
    const events = eventsOf(after, session);
    expect(
      events.map((event) => event.seq),
      `${name}: no gaps`,
    ).toEqual(events.map((_, index) => index + 1));
    const epochs = events.map((event) => event.epoch);
    expect(epochs, `${name}: epochs only grow`).toEqual(epochs.toSorted((a, b) => a - b));
  }
}

/** Rule 5: a run that another process had begun says that it was recovered, under a later epoch. */
function expectRecoveryTold({ name, before, after }: CrashCase): void {
  for (const run of before.runs.filter((each) => each.status === 'running')) {
    const written = eventsOf(before, run.session_id);
    const first = eventsOf(after, run.session_id)[written.length];
    if (written.length > 0) {
      expect(first?.kind, `${name}: recovery is told first`).toBe(toldFirst(written));
    }
    expect(first?.epoch, `${name}: the epoch has grown`).toBeGreaterThan(run.lease_epoch);
  }
}

/** A run that waited and was taken up by a process that died before its first commit resumes as if for the first time. */
function toldFirst(written: readonly StoredCaseEvent[]): string {
  return written.at(-1)?.kind === 'run-suspended' ? 'run-resumed' : 'run-recovered';
}

/** Rules 3 and 8: every call has exactly one result, before the next answer. */
function expectOneResultForEachCall({ name, after }: CrashCase): void {
  for (const { session_id: session, parent_run_id: parent } of after.runs) {
    const events = eventsOf(after, session);
    const answers = events.filter((event) => event.kind === 'model-call-settled');
    expect(answers, `${name}: answers`).toHaveLength(answersOf[parent === null ? 'clerk' : 'helper']);
    for (const [index, answer] of answers.entries()) {
      const end = answers[index + 1]?.seq ?? Number.POSITIVE_INFINITY;
      const results = events.filter(
        (event) => event.kind === 'tool-call-settled' && event.seq > answer.seq && event.seq < end,
      );
      expect(results.map(callOf).toSorted(), `${name}: one result for each call`).toEqual(
        askedBy(answer).toSorted(),
      );
    }
  }
  for (const effect of after.effects)
    expect(effect.outcome, `${name}: ${effect.call_id} is settled`).not.toBeNull();
}

/** Rule 2: no effect has taken place that was not claimed before. */
function expectWrittenAhead({ name, before, effectsBefore }: CrashCase): void {
  for (const effect of effectsBefore.filter(({ tool }) => effectTools.includes(tool))) {
    expect(
      claimsOf(before, effect.runId, effect.callId),
      `${name}: ${effect.callId} was claimed`,
    ).not.toEqual([]);
  }
}

/** Rule 3: a settled call is never executed again, and an effect is repeated only under its own key. */
function expectNeverTwice({ name, before, effectsBefore, effectsAfter }: CrashCase): void {
  const count = (effects: CrashCase['effectsAfter'], runId: string, callId: string) =>
    effects.filter((effect) => effect.runId === runId && effect.callId === callId).length;
  for (const event of before.events.filter(({ kind }) => kind === 'tool-call-settled')) {
    const executions = count(effectsBefore, event.run_id, callOf(event));
    const all = count(effectsAfter, event.run_id, callOf(event));
    expect(all, `${name}: ${callOf(event)} was settled`).toBe(executions);
  }
  for (const { tool, runId, callId } of effectsAfter) {
    const same = effectsAfter.filter((each) => each.runId === runId && each.callId === callId);
    if (tool === 'send' || tool === 'erase') expect(same, `${name}: ${callId} at most once`).toHaveLength(1);
    const keys = new Set(same.map((each) => each.idempotencyKey));
    expect([...keys], `${name}: one key for ${callId}`).toEqual([`${runId}:${callId}`]);
  }
}

/** Rule 3: what became of each call that was claimed and had no result, by what its tool declares. */
function expectUnknownAskedAbout({ name, before, after }: CrashCase): void {
  for (const { run_id: runId, call_id: callId, tool } of before.effects.filter(
    ({ outcome }) => outcome === null,
  )) {
    const events = after.events.filter((event) => event.run_id === runId && event.data['call_id'] === callId);
    const resolutions = events.filter(({ kind }) => kind === 'tool-call-unknown');
    const result = events.find(({ kind }) => kind === 'tool-call-settled');
    const expected = {
      put: { resolution: 'repeat', outcome: 'succeeded', asked: 0 },
      send: { resolution: 'tell-model', outcome: 'unknown', asked: 0 },
      erase: { resolution: 'ask', outcome: 'succeeded', asked: 1 },
    }[tool];
    const found = {
      resolution: resolutions.at(-1)?.data['resolution'],
      outcome: result?.data['outcome'],
      asked: events.filter(({ kind }) => kind === 'approval-decided').length,
    };
    expect(found, `${name}: ${callId} was unknown`).toEqual(expected);
  }
}

/** One child run, whose last words are the result of the call that asked for it. */
function expectParentAndChildAgree({ name, after }: CrashCase): void {
  const [parent, child] = after.runs;
  const events = eventsOf(after, parent?.session_id ?? '');
  const started = events.filter((event) => event.kind === 'child-run-started');
  expect(
    started.map((event) => event.data['child_run_id']),
    `${name}: one child`,
  ).toEqual([child?.id]);
  const result = events.find(
    (event) => event.kind === 'tool-call-settled' && callOf(event) === started[0]?.data['call_id'],
  );
  expect(result?.data, `${name}: the child's answer`).toMatchObject({ content: lastWords.helper });
  expect(child?.output_text, `${name}: the child's last words`).toBe(lastWords.helper);
}

function eventsOf({ events }: StoredCase, session: string): StoredCaseEvent[] {
  return events.filter((event) => event.session_id === session);
}

function claimsOf({ events }: StoredCase, runId: string, callId: string): StoredCaseEvent[] {
  return events.filter(
    (event) => event.kind === 'tool-call-claimed' && event.run_id === runId && callOf(event) === callId,
  );
}

function callOf(event: StoredCaseEvent): string {
  return String(event.data['call_id']);
}

function askedBy(answer: StoredCaseEvent): string[] {
  const parts = answer.data['parts'] as { type: string; call_id?: string }[];
  return parts.flatMap((part) => (part.type === 'tool-call' ? [part.call_id ?? ''] : []));
}
