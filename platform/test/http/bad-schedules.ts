import { badBodies, badIds, badPages, invalid, post, type BadInput } from './bad-input-kit.ts';
import { fakeSchedules } from './fake-schedules.ts';

const schedule = { thing: 'schedule', foreign: fakeSchedules.foreign };
const good = { name: 'Report', agent: 'assistant', input: 'Report.', cron: '0 9 * * *' };
const { cron: _, ...timeless } = good;
const own = `/v1/schedules/${fakeSchedules.own}`;

function asMethod(method: string, cases: readonly BadInput[]): BadInput[] {
  return cases.map((bad) => ({ ...bad, request: { ...bad.request, method } }));
}

/** The bad inputs of schedules. */
export const scheduleBadInputs: Readonly<Record<string, readonly BadInput[]>> = {
  'GET /v1/schedules': badPages('/v1/schedules'),
  'POST /v1/schedules': [
    ...badBodies('/v1/schedules', good),
    invalid('no time', '/v1/schedules', post(timeless)),
    invalid('both times', '/v1/schedules', post({ ...good, at: '2027-01-01T00:00:00Z' })),
    invalid('four fields', '/v1/schedules', post({ ...good, cron: '0 9 * *' })),
    invalid('seconds', '/v1/schedules', post({ ...good, cron: '0 0 9 * * *' })),
    invalid('a day without a time', '/v1/schedules', post({ ...timeless, at: '2027-01-01' })),
    invalid('an unknown policy', '/v1/schedules', post({ ...good, missed: 'sometimes' })),
    invalid('an empty input', '/v1/schedules', post({ ...good, input: '' })),
    {
      what: 'an unknown agent',
      path: '/v1/schedules',
      request: post({ ...good, agent: 'nobody' }),
      status: 404,
      code: 'agent-unknown',
    },
  ],
  'GET /v1/schedules/preview': [
    invalid('no expression', '/v1/schedules/preview'),
    invalid('half an expression', '/v1/schedules/preview?cron=5'),
    invalid('too many times', '/v1/schedules/preview?cron=@daily&count=1000'),
    invalid('unknown query', '/v1/schedules/preview?cron=@daily&surprise=1'),
  ],
  'GET /v1/schedules/{id}': badIds((x) => `/v1/schedules/${x}`, schedule),
  'PATCH /v1/schedules/{id}': [
    ...badBodies(own, { enabled: false }, 'PATCH'),
    ...asMethod(
      'PATCH',
      badIds((x) => `/v1/schedules/${x}`, schedule, { enabled: false }),
    ),
    invalid('no change', own, post({}, 'PATCH')),
    invalid('both times', own, post({ cron: '@daily', at: '2027-01-01T00:00:00Z' }, 'PATCH')),
  ],
  'DELETE /v1/schedules/{id}': asMethod(
    'DELETE',
    badIds((x) => `/v1/schedules/${x}`, schedule),
  ),
  'POST /v1/schedules/{id}/run': [
    ...asMethod(
      'POST',
      badIds((x) => `/v1/schedules/${x}/run`, schedule),
    ),
    invalid('idempotency key with spaces', `${own}/run`, {
      method: 'POST',
      headers: { 'idempotency-key': 'a b' },
    }),
  ],
};
