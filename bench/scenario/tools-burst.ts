import { median, percentile, spread } from '../measure/figures.ts';
import type { Contestant } from '../measure/contestants.ts';
import { execute, readFigures } from '../measure/database-figures.ts';
import type { Stage } from '../measure/stage.ts';

const concurrency = 32;

/** What many runs at a time took. */
export interface Burst {
  cpuMs: number;
  runsPerSecond: number;
  p50: number;
  p99: number;
}

/** CPU of the server for a run of 10 tool turns and 200 tokens, 32 at a time, contestants in turn. */
export async function measureToolsBurst(
  contestants: readonly Contestant[],
  size: { rounds: number; runs: number },
): Promise<string[]> {
  const bursts = new Map(contestants.map((each) => [each.name, new Array<Burst>()]));
  for (const contestant of contestants) await measureBurst(contestant, size.runs);
  for (let round = 0; round < size.rounds; round += 1) {
    for (const contestant of contestants)
      bursts.get(contestant.name)?.push(await measureBurst(contestant, size.runs));
  }
  const floor = median((bursts.get('floor') ?? []).map((each) => each.cpuMs));
  return [...bursts].map(([name, all]) => {
    const cpu = all.map((each) => each.cpuMs);
    return `| ${name} | ${spread(cpu)} | ${(median(cpu) / floor).toFixed(2)} | ${spread(
      all.map((each) => each.runsPerSecond),
      0,
    )} | ${spread(
      all.map((each) => each.p50),
      0,
    )} | ${spread(
      all.map((each) => each.p99),
      0,
    )} |`;
  });
}

/** Runs of ten tools, 32 at a time. */
export async function measureBurst(contestant: Contestant, runs: number): Promise<Burst> {
  const cpuBefore = contestant.server.cpuMs();
  const began = performance.now();
  const times: number[] = [];
  let left = runs;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const timing = await contestant.run('tools');
      if (!timing.ok) throw new Error(`${contestant.name}: a run did not end well`);
      times.push(timing.endMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  const seconds = (performance.now() - began) / 1000;
  return {
    cpuMs: (contestant.server.cpuMs() - cpuBefore) / runs,
    runsPerSecond: runs / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

/** Write transactions and WAL of a run, over many runs right after a checkpoint has settled. */
export async function measureWrites(stage: Stage, platform: Contestant, runs: number): Promise<string[]> {
  const rows: string[] = [];
  for (const workload of ['tools', 'text'] as const) {
    await execute(stage.postgres.url, 'checkpoint');
    // The first touch of each page after a checkpoint writes the whole page: not a cost of a run.
    for (let index = 0; index < runs / 4; index += 1) await platform.run(workload);
    const before = await readFigures(stage.postgres.url);
    for (let index = 0; index < runs; index += 1) await platform.run(workload);
    const after = await readFigures(stage.postgres.url);
    const writes = Number(after.writes - before.writes) / runs;
    const walKb = Number(after.walBytes - before.walBytes) / runs / 1024;
    rows.push(
      `| ${workload === 'tools' ? 'tools-10' : 'text-200'} | ${writes.toFixed(1)} | ${walKb.toFixed(1)} |`,
    );
  }
  return rows;
}
