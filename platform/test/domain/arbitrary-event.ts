import {
  eventVersions,
  noUsage,
  roles,
  type Event,
  type NewEvent,
  approvalDecisions,
  type ArgumentPattern,
  type SessionGrant,
} from '@batuta/contract';
import fc from 'fast-check';

const callId = fc.constantFrom('c1', 'c2', 'c3', 'c4');
const tool = fc.constantFrom('read', 'write', 'ask_user');
const text = fc.string({ maxLength: 20 });
const time = fc.integer({ min: 0, max: 10_000 }).map((ms) => new Date(1_700_000_000_000 + ms).toISOString());
const part = fc.oneof(
  text.map((value) => ({ type: 'text' as const, text: value })),
  text.map((value) => ({ type: 'reasoning' as const, text: value })),
  fc
    .record({ call_id: callId, tool, arguments: text })
    .map((call) => ({ type: 'tool-call' as const, ...call })),
);

function kind<K extends NewEvent['kind']>(
  name: K,
  data: fc.Arbitrary<Extract<NewEvent, { kind: K }>['data']>,
) {
  // The pairing of kind and data is in the parameters; the union cannot express it.
  return data.map((value) => ({ kind: name, data: value }) as NewEvent);
}

const approvalId = fc.constantFrom('apr_1', 'apr_2');
const callData = { call_id: callId, tool };
const sessionId = fc.constantFrom('ses_1', 'ses_2');
const pattern: fc.Arbitrary<ArgumentPattern> = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 3 }),
  fc.oneof(
    fc.constant({ any: true as const }),
    fc.nat(3).map((equals) => ({ equals })),
  ),
  { maxKeys: 2 },
);
const grant: fc.Arbitrary<SessionGrant> = fc.record({
  approval_id: approvalId,
  session_id: sessionId,
  tool,
  pattern,
  policy_version: text,
  needed_role: fc.constantFrom(...roles),
  labels: fc.subarray(['untrusted', 'private']),
  granted_by: text,
});

/** Any event, related to the others or not. */
export const arbitraryNewEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  kind(
    'question-embedded',
    fc.record({
      reservation_id: text,
      model: text,
      usage: fc.constant(noUsage),
      cost_micros: fc.option(fc.nat(9)),
      charges: fc.constant([]),
    }),
  ),
  kind(
    'run-started',
    fc.record({ agent: fc.constant('a'), definition_hash: fc.constant('h'), deadline_at: time }),
  ),
  kind('run-recovered', fc.constant({ cause: 'lease-expired', lost_epoch: 1 })),
  kind(
    'message-added',
    fc.record({
      message_id: fc.constant('msg_1'),
      origin: fc.constantFrom('input' as const, 'steering' as const),
      parts: fc.array(
        text.map((value) => ({ type: 'text' as const, text: value })),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  ),
  kind(
    'model-call-settled',
    fc.record({
      message_id: fc.constant('msg_2'),
      model: fc.constant('m'),
      parts: fc.uniqueArray(part, {
        maxLength: 4,
        selector: (each) => ('call_id' in each ? each.call_id : each),
      }),
      finish_reason: fc.constantFrom('stop' as const, 'tool-calls' as const, 'length' as const),
      usage: fc.constant({ ...noUsage, input_tokens: 1 }),
      cost_micros: fc.option(fc.nat(10)),
      first_token_ms: fc.constant(0),
      duration_ms: fc.constant(0),
    }),
  ),
  kind(
    'tool-call-claimed',
    fc.record({
      ...callData,
      arguments_hash: text,
      idempotency_key: text,
      attempt: fc.integer({ min: 1, max: 4 }),
    }),
  ),
  kind(
    'tool-call-unknown',
    fc.record({
      ...callData,
      resolution: fc.constantFrom('repeat' as const, 'ask' as const, 'tell-model' as const),
    }),
  ),
  kind(
    'tool-call-settled',
    fc.record({
      ...callData,
      outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'unknown' as const),
      content: text,
      duration_ms: fc.constant(0),
    }),
  ),
  kind(
    'input-requested',
    fc.oneof(
      fc.record({ call_id: callId, question: text }),
      fc.record({ call_id: callId, question: text, approval_id: approvalId }),
    ),
  ),
  kind(
    'context-tainted',
    fc.record({
      label: fc.constantFrom('untrusted' as const, 'private' as const),
      source: fc.constantFrom('tool' as const, 'file' as const, 'child' as const),
    }),
  ),
  kind('timer-set', fc.record({ call_id: callId, wake_at: time })),
  kind(
    'child-run-started',
    fc.record({ call_id: callId, agent: fc.constant('a'), child_run_id: text, child_session_id: text }),
  ),
  kind(
    'approval-requested',
    fc.record({
      approval_id: approvalId,
      ...callData,
      reason: fc.constantFrom('policy' as const, 'unknown-outcome' as const),
      arguments_hash: text,
      arguments_preview: text,
      policy_version: text,
      needed_role: fc.constantFrom(...roles),
      labels: fc.subarray(['untrusted', 'private']),
      decisions: fc.constant(['approve' as const, 'deny' as const]),
      expires_at: time,
    }),
  ),
  kind(
    'approval-decided',
    fc.record({
      approval_id: approvalId,
      call_id: callId,
      decision: fc.constantFrom(...approvalDecisions, 'expire' as const),
      decided_by: text,
    }),
  ),
  kind(
    'approval-decided',
    fc.record({
      approval_id: approvalId,
      call_id: callId,
      decision: fc.constant('approve' as const),
      decided_by: text,
      edited: fc.record({ arguments: fc.json(), arguments_hash: text }),
      for_session: fc.record({ session_id: sessionId, pattern }),
    }),
  ),
  kind(
    'approval-applied',
    fc.record({ ...callData, approval_id: approvalId, arguments_hash: text, policy_version: text }),
  ),
  kind(
    'run-suspended',
    fc.record({ waiting_for: fc.constantFrom('input' as const, 'timer' as const), until: time }),
  ),
  kind('run-resumed', fc.constant({ waited_for: 'input' })),
  kind(
    'history-compacted',
    fc.record({
      summary: text,
      kept_from_seq: fc.integer({ min: 1, max: 40 }),
      method: fc.constant('excerpt' as const),
      tokens_before: fc.constant(9),
      tokens_after: fc.constant(1),
      grants: fc.array(grant, { maxLength: 2 }),
    }),
  ),
  kind('progress-warned', fc.constant({ pattern: 'repeated-call', tool: 'read', count: 3 })),
  kind('run-succeeded', fc.record({ text })),
  kind('run-failed', fc.constant({ error: { code: 'internal', message: 'x' } })),
  kind('run-cancelled', fc.constant({ reason: 'r', cancelled_by: 'b' })),
  kind(
    'run-retried',
    fc.record({ attempt: fc.integer({ min: 2, max: 5 }), requested_by: text, deadline_at: time }),
  ),
);

/** Gives new events their place in a log. */
export function placed(events: readonly NewEvent[], from = 1): Event[] {
  return events.map((event, index) => ({
    ...event,
    seq: from + index,
    session_id: 'ses_1',
    run_id: 'run_1',
    version: eventVersions[event.kind],
    at: new Date(1_700_000_000_000 + index).toISOString(),
  }));
}

/** Any log: a run begins it, anything follows. */
export const arbitraryLog: fc.Arbitrary<Event[]> = fc
  .array(arbitraryNewEvent, { maxLength: 60 })
  .map((events) => placed([{ kind: 'run-started', data: { agent: 'a', definition_hash: 'h' } }, ...events]));
