import { BatutaError } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import { AuditCollector } from '../../src/application/audit/audit-collector.ts';
import type { AuditEntry } from '../../src/port/audit-log.ts';
import { makeEntry } from '../conformance/audit.ts';
import { FakeClock } from '../http/fake-clock.ts';
import { MemoryLog } from '../http/open-door.ts';

function collecting(anchorMs = 0) {
  const written: { tenantId: string; entries: readonly AuditEntry[] }[] = [];
  const state = { failure: undefined as unknown, written, appended: Promise.withResolvers<void>() };
  const append = async (tenantId: string, entries: readonly AuditEntry[]) => {
    if (state.failure) throw state.failure;
    written.push({ tenantId, entries });
    state.appended.resolve();
  };
  const extent = async () => ({
    base: { seq: 0, hash: '' },
    firstSeq: 1,
    head: { seq: 7, hash: 'ab' },
    lastSeq: 7,
  });
  const clock = new FakeClock();
  const log = new MemoryLog();
  const collector = new AuditCollector({ store: { append, extent }, anchorMs, clock, log });
  return { collector, clock, log, state };
}

const access = (entry: Partial<AuditEntry> = {}) =>
  makeEntry({ kind: 'access', action: 'GET /v1/runs', after: null, ...entry });

describe('entries of accesses', () => {
  test('are written a second later, equal ones as one with a count', async () => {
    const { collector, clock, state } = collecting();
    for (let n = 0; n < 3; n += 1) collector.record('acme', access());
    collector.record('acme', access({ target: 'other' }));
    collector.record('beta', access());
    await clock.advance(999);
    expect(state.written).toEqual([]);
    await clock.advance(1);
    await state.appended.promise;
    await collector.flush();
    expect(
      state.written.map(({ tenantId, entries }) => [tenantId, entries.map(({ count }) => count)]),
    ).toEqual([
      ['acme', [3, 1]],
      ['beta', [1]],
    ]);
  });

  test('with details stand alone, in their order', async () => {
    const { collector, state } = collecting();
    for (const name of ['a', 'b', 'b']) collector.record('acme', access({ after: { name } }));
    await collector.flush();
    expect(state.written[0]?.entries.map(({ after }) => after?.['name'])).toEqual(['a', 'b', 'b']);
  });

  test('carry the time when they happened', async () => {
    const { collector, clock, state } = collecting();
    const at = clock.now();
    collector.record('acme', access());
    await clock.advance(500);
    await collector.flush();
    expect(state.written[0]?.entries[0]?.at).toBe(at);
  });

  test('let the ends of chains that have grown be told to the log of the process, now and then and at the end', async () => {
    const { collector, clock, log } = collecting(60_000);
    collector.record('acme', access());
    await collector.flush();
    expect(log.lines).toEqual([]);
    await clock.advance(60_000);
    collector.record('acme', access());
    await collector.flush();
    await collector.flush();
    const told = { message: 'end of the audit log', fields: { tenant: 'acme', anchor: '7:ab' } };
    expect(log.lines).toMatchObject([told]);
    collector.record('acme', access());
    await collector.close();
    expect(log.lines).toMatchObject([told, told]);
  });

  test('are kept while the database cannot be reached, and written when it can', async () => {
    const { collector, state, log } = collecting();
    state.failure = new BatutaError('database-unreachable', { address: 'x', reason: 'gone' });
    collector.record('acme', access());
    await collector.flush();
    collector.record('acme', access());
    state.failure = undefined;
    await collector.flush();
    expect(state.written.flatMap(({ entries }) => entries.map(({ count }) => count))).toEqual([2]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { entries: 1, kept: true } }]);
  });

  test('of a flood are counted without their targets, and none is forgotten silently', async () => {
    const { collector, state, log } = collecting();
    for (let n = 0; n < 12_500; n += 1) collector.record('acme', access({ target: `run_${n}` }));
    for (let n = 0; n < 2_500; n += 1) collector.record('acme', access({ actor: `key_${n}` }));
    await collector.flush();
    const entries = state.written.flatMap((batch) => batch.entries);
    expect(entries.find(({ target }) => target === null)?.count).toBe(2_500);
    const counted = entries.reduce((sum, { count = 1 }) => sum + count, 0);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { entries: 15_000 - counted } }]);
    expect(state.written.every((batch) => batch.entries.length <= 200)).toBe(true);
  });
});
