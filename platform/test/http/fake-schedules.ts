import { BatutaError, type Schedule } from '@batuta/contract';
import type { Identity } from '../../src/application/access/identity.ts';
import type { Application } from '../../src/application/application.ts';

const at = '2026-11-21T00:00:00.000Z';
const end = (digit: string) => digit.padStart(26, '0');

/** Schedules of the fake: of the first tenant, and of the second. */
export const fakeSchedules = { own: `sch_${end('1')}`, foreign: `sch_${end('9')}` };

function own({ tenantId }: Identity, id: string): Schedule {
  if (tenantId !== 'one' || id !== fakeSchedules.own) throw new BatutaError('schedule-unknown', { id });
  return {
    id,
    name: 'Report',
    agent: 'assistant',
    input: 'Report.',
    session_id: null,
    metadata: {},
    cron: '@daily',
    at: null,
    time_zone: 'UTC',
    missed: 'skip',
    overlap: 'skip',
    enabled: true,
    requested_by: 'Ana',
    withheld: null,
    upcoming: [at],
    last_due_at: null,
    last_outcome: null,
    last_run_id: null,
    last_error: null,
    created_at: at,
    updated_at: at,
  };
}

/** The schedules of a fake application: one of the first tenant. */
export function makeFakeSchedules(): Application['schedules'] {
  return {
    create: async (identity, { agent }) => {
      if (agent !== 'assistant') throw new BatutaError('agent-unknown', { agent, hint: '' });
      return own(identity, fakeSchedules.own);
    },
    get: async (identity, id) => own(identity, id),
    list: async (identity, { cursor }) => {
      if (cursor !== undefined) throw new BatutaError('cursor-invalid', { cursor });
      return { items: [own(identity, fakeSchedules.own)], next_cursor: null };
    },
    change: async (identity, id) => own(identity, id),
    delete: async (identity, id) => void own(identity, id),
    run: async (identity, id) => {
      own(identity, id);
      return { id: `run_${end('1')}`, session_id: `ses_${end('1')}`, status: 'queued' };
    },
    preview: () => ({ times: [at] }),
  };
}
