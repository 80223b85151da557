import { BatutaError, type AuditLogEntry } from '@batuta/contract';
import type { AccessRecord } from '../../src/application/audit/record-access.ts';
import type { Application } from '../../src/application/application.ts';

const entry: AuditLogEntry = {
  seq: 1,
  at: '2026-11-21T00:00:00.000Z',
  kind: 'access',
  action: 'GET /v1/runs',
  actor: { kind: 'key', id: 'key_1', name: 'ci' },
  key_id: null,
  target: null,
  outcome: 'succeeded',
  reason: null,
  address: null,
  user_agent: null,
  count: 1,
  before: null,
  after: null,
  hash: 'ab',
};

/** An audit log of one entry that keeps what it is told. */
export function makeFakeAudit(recorded: AccessRecord[]): Application['audit'] {
  return {
    record: (access) => void recorded.push(access),
    list: async (_, { cursor = '' }) => {
      if (cursor !== '') throw new BatutaError('cursor-invalid', { cursor });
      return { items: [entry], next_cursor: null };
    },
    verify: async () => ({
      intact: true,
      verified: 0,
      first_seq: null,
      head: null,
      cut: null,
      unchecked_anchors: [],
      fault: null,
    }),
    async *export() {
      yield `${JSON.stringify(entry)}\n`;
    },
  };
}
