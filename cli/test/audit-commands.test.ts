import type { AuditLogEntry } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
});
afterEach(() => api.close());

const entry: AuditLogEntry = {
  seq: 7,
  at: '2026-11-21T10:00:00.000Z',
  kind: 'security',
  action: 'GET /v1/runs',
  actor: { kind: 'key', id: 'key_1', name: 'ci\u001B[2J' },
  key_id: null,
  target: 'run_1',
  outcome: 'refused',
  reason: 'permission-missing',
  address: '192.0.2.7',
  user_agent: null,
  count: 3,
  before: null,
  after: null,
  hash: 'ab',
};
const head = { seq: 7, hash: 'c'.repeat(64) };

describe('batuta audit', () => {
  test('lists who did what, how often, and how it ended', async () => {
    api.answers['GET /v1/audit'] = { items: [entry], next_cursor: null };
    const { code, output } = await batuta(['audit'], { api });
    expect(code).toBe(0);
    expect(output).toMatch(/ci +GET \/v1\/runs \(3x\) +run_1 +refused: permission-missing +192\.0\.2\.7/);
    expect(output).not.toContain('\u001B[2J');
  });

  test.each(['yesterday', '5', '2026-13-45', '1w'])('does not take "%s" for a time', async (since) => {
    const { code, error } = await batuta(['audit', 'list', '--since', since], { api });
    expect(code).toBe(64);
    expect(error).toContain('2026-11-21T10:00:00Z, 30m, 24h or 7d');
  });

  test('verifies, and says what to keep elsewhere', async () => {
    api.answers['GET /v1/audit/verification'] = {
      intact: true,
      verified: 7,
      first_seq: 1,
      head,
      cut: { seq: 3, hash: 'cd'.repeat(32) },
      unchecked_anchors: [1, 2],
      fault: null,
    };
    const { code, output } = await batuta(['audit', 'verify', '--since', '24h'], { api });
    expect(output).toContain(`cut away by retention, whole up to: 3:${'cd'.repeat(32)}`);
    expect(output).toContain('cannot be compared any more: 1, 2');
    expect(code).toBe(0);
    expect(output).toContain('7 entries, from number 1 on');
    expect(output).toContain(`7:${head.hash}`);
  });

  test('ends with 1 when the log is not as it was written', async () => {
    const fault = { kind: 'changed', seq: 4, explanation: 'This entry was edited.' };
    api.answers['GET /v1/audit/verification'] = { intact: false, verified: 3, first_seq: 1, head, fault };
    const { code, output } = await batuta(['audit', 'verify', '--anchor', `7:${head.hash}`], { api });
    expect(code).toBe(1);
    expect(output).toContain('Entry 4: This entry was edited.');
    expect((await batuta(['audit', 'verify', '--json'], { api })).output).toContain('"seq":4');
  });
});
