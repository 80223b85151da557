/** The rules of approvals, checked for one crash: from the log, from the rows, and from what the outside world has counted. */
import type { OutsideEffect } from '@batuta/testkit/crash/outside-world';
import type { StoredCase, StoredCaseEvent } from '@batuta/testkit/crash/protocol';
import { expect } from 'vitest';
import { plan, wanted } from './treasurer-scenario.ts';

/** Everything that is known of one crash and what came after it. */
export interface ApprovalCase {
  name: string;
  agent: keyof typeof wanted;
  /** What was stored, and had happened, when the process was dead. */
  before: StoredCase;
  effectsBefore: readonly OutsideEffect[];
  after: StoredCase;
  effectsAfter: readonly OutsideEffect[];
}

/** Everything that must hold after a crash and the recovery from it. */
export function expectApprovalRules(crash: ApprovalCase): void {
  expectEnded(crash);
  expectHappenedOnce(crash);
  expectNothingBeforeItsDecision(crash);
  expectOneDecisionEach(crash);
  expectRunsUnderItsApproval(crash);
  expectOneResultEach(crash);
}

function expectEnded({ name, before, after }: ApprovalCase): void {
  expect(after.runs, `${name}: one run, and it has succeeded`).toMatchObject([{ status: 'succeeded' }]);
  const written = before.events.length;
  expect(after.events.slice(0, written), `${name}: the log is only added to`).toEqual(before.events);
  expect(
    after.events.map(({ seq }) => seq),
    `${name}: no gap`,
  ).toEqual(after.events.map((_, index) => index + 1));
}

/** What was approved has happened once, with the arguments that were approved; what was not, never. */
function expectHappenedOnce({ name, agent, effectsAfter }: ApprovalCase): void {
  const happened = effectsAfter.filter(({ repeated }) => !repeated);
  const found = happened.map(({ callId, tool }) => `${callId} ${tool}`).toSorted();
  const approved = Object.entries(wanted[agent]).map(([callId, tool]) => `${callId} ${tool}`);
  expect(found, `${name}: exactly what was approved`).toEqual(approved.toSorted());
  // A repetition arrives under the same key and with the same arguments, so that the world outside does nothing.
  const expected: Readonly<Record<string, string>> = wanted[agent];
  for (const { callId, tool } of effectsAfter) expect(tool, `${name}: ${callId}`).toBe(expected[callId]);
}

/** Rule 2 for approvals: whatever had happened by the crash had been approved, in the log, before. */
function expectNothingBeforeItsDecision({ name, before, effectsBefore }: ApprovalCase): void {
  for (const { callId } of effectsBefore) {
    const events = before.events.filter((event) => event.data['call_id'] === callId);
    const kinds = events.map((event) => event.kind);
    const allowed = kinds.findIndex((kind) => kind === 'approval-decided' || kind === 'approval-applied');
    expect(allowed, `${name}: ${callId} was approved`).toBeGreaterThanOrEqual(0);
    expect(kinds.indexOf('tool-call-claimed'), `${name}: ${callId} was claimed then`).toBeGreaterThan(
      allowed,
    );
  }
}

/** One decision for each question, the same in the log and in its row. */
function expectOneDecisionEach({ name, after }: ApprovalCase): void {
  const asked = new Set(ofKind(after, 'approval-requested').map(idOf));
  const all = new Set([...asked, ...ofKind(after, 'input-requested').map(idOf)]);
  expect(after.approvals.map(({ id }) => id).toSorted(), `${name}: a row for each`).toEqual(
    [...all].toSorted(),
  );
  for (const { id, call_id: callId, decision, closed } of after.approvals) {
    const decided = ofKind(after, 'approval-decided').filter((event) => idOf(event) === id);
    const inRow = closed === 'expired' ? 'expire' : decision;
    expect(
      decided.map((event) => event.data['decision']),
      `${name}: ${callId} is decided once`,
    ).toEqual([inRow]);
    expect(inRow, `${name}: ${callId} as the person decided`).toBe(plan[callId]?.decision ?? 'expire');
  }
}

/** A claim names the approval that it runs under, and the arguments are those that were approved. */
function expectRunsUnderItsApproval({ name, after }: ApprovalCase): void {
  const forSession = after.approvals.find((approval) => approval.call_id === 'for_session');
  for (const claim of ofKind(after, 'tool-call-claimed')) {
    const callId = String(claim.data['call_id']);
    const own = after.approvals.find((approval) => approval.call_id === callId);
    expect(claim.data['approval_id'], `${name}: ${callId} names its approval`).toBe((own ?? forSession)?.id);
    const approved = own?.edited_hash ?? own?.arguments_hash;
    if (own) expect(claim.data['arguments_hash'], `${name}: ${callId} runs as approved`).toBe(approved);
  }
}

function expectOneResultEach({ name, after }: ApprovalCase): void {
  const results = ofKind(after, 'tool-call-settled').map((event) => event.data['call_id']);
  expect(new Set(results).size, `${name}: one result for each call`).toBe(results.length);
}

function ofKind({ events }: StoredCase, kind: string): StoredCaseEvent[] {
  return events.filter((event) => event.kind === kind);
}

function idOf(event: StoredCaseEvent): string {
  return String(event.data['approval_id']);
}
