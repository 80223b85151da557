import type { Approval, ApprovalDecision } from '@batuta/contract';
import type { Bus } from '@batuta/platform/ports';
import type { TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, inject, it } from 'vitest';
import { PostgresBus } from '../../src/adapter/bus-postgres/postgres-bus.ts';
import { callOnce } from '../scenario/model-fixtures.ts';
import { ended, withProcesses } from '../scenario/processes.ts';
import { countingTool, type CountingTool } from '../scenario/tool-fixtures.ts';
import { dataOf, pending } from './decisions.ts';

const agents = [{ permissions: [{ ask: 'refund' }] }];
const postgresUrl = inject('postgresUrl');

interface Scene {
  api: TestPlatform;
  worker: TestPlatform;
  refund: CountingTool;
}

/** One process that serves the API and one that works, on a PostgreSQL server; each learns of the other by LISTEN and NOTIFY alone. */
async function withTwo(test: (scene: Scene) => Promise<void>): Promise<void> {
  const buses: Bus[] = await Promise.all([
    PostgresBus.connect(postgresUrl),
    PostgresBus.connect(postgresUrl),
  ]);
  const refund = countingTool('refund');
  const model = callOnce({ tool: 'refund', arguments: { order: 7 } });
  const both = { database: 'postgres', postgresUrl, model, agents, tools: [refund.tool] } as const;
  try {
    await withProcesses(
      [
        { ...both, bus: buses[0]!, worker: false },
        { ...both, bus: buses[1]!, pollMs: 60_000 },
      ],
      (api, worker) => test({ api, worker, refund }),
    );
  } finally {
    await Promise.all(buses.map((bus) => bus.close()));
  }
}

describe('many who decide at once, in two processes', () => {
  it('are fifty, and one of them has decided; all others are told what', { timeout: 60_000 }, () =>
    withTwo(async ({ api, worker, refund }) => {
      const run = await api.run('Go');
      const [waiting] = await pending(api);
      const settled = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) => decideIn(index % 2 ? api : worker, waiting, index)),
      );
      const won = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(won).toHaveLength(1);
      const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      const told = { code: 'approval-decided-already', status: 409, data: { decision: won[0]?.decision } };
      expect(refused).toMatchObject(Array.from({ length: 49 }, () => told));
      expect(await ended(api, run.id)).toMatchObject({ status: 'succeeded' });
      expect(refund.executions).toHaveLength(won[0]?.decision === 'approve' ? 1 : 0);
      expect(await dataOf(api, run, 'approval-decided')).toMatchObject([{ decision: won[0]?.decision }]);
      const audited = await api.stores.audits.list('alpha', { limit: 200, action: 'approval-decided' });
      expect(audited).toHaveLength(1);
    }),
  );
});

/** Half of them approve, half deny; every fifth puts other arguments in. */
function decideIn(platform: TestPlatform, approval: Approval | undefined, index: number): Promise<Approval> {
  const decision: ApprovalDecision = index % 4 < 2 ? 'approve' : 'deny';
  const more = decision === 'approve' && index % 5 === 0 ? { arguments: { order: index } } : {};
  return platform.application.approvals.decide(platform.identity, approval?.id ?? '', { decision, ...more });
}

describe('a decision in one process', () => {
  it('wakes the run in another within a second', { timeout: 60_000 }, () =>
    withTwo(async ({ api, worker }) => {
      const times: number[] = [];
      for (let round = 0; round < 20; round += 1) {
        const run = await api.run('Go');
        const [waiting] = await pending(api);
        const claimed = worker.signals.next('claim-after', ({ runId }) => runId === run.id);
        const began = performance.now();
        await api.application.approvals.decide(api.identity, waiting?.id ?? '', { decision: 'approve' });
        await claimed;
        times.push(performance.now() - began);
        expect(await ended(api, run.id)).toMatchObject({ status: 'succeeded' });
      }
      const sorted = times.toSorted((a, b) => a - b).map(Math.round);
      process.stdout.write(
        `decision to claim in another process: p50 ${sorted[10]} ms, longest ${sorted[19]} ms\n`,
      );
      expect(sorted[19]).toBeLessThan(1_000);
    }),
  );
});
