import type { Contestant } from '../measure/contestants.ts';
import { fixed, median, percentile, spread } from '../measure/figures.ts';
import type { RunTiming } from '../measure/http-run.ts';

const warmUpRuns = 100;

/** What a server adds to a stream of 200 tokens, one at a time, contestants in turn. */
export async function measureAddedLatency(
  contestants: readonly Contestant[],
  size: { rounds: number; runs: number },
): Promise<string[]> {
  const first = new Map(contestants.map((each) => [each.name, new Array<number>()]));
  const end = new Map(contestants.map((each) => [each.name, new Array<number>()]));
  // A server that has just started compiles its hot paths: that is a cost of the start, not of a stream.
  for (const contestant of contestants) await series(contestant, warmUpRuns);
  for (let round = 0; round < size.rounds; round += 1) {
    for (const contestant of contestants) {
      const timings = await series(contestant, size.runs);
      first.get(contestant.name)?.push(median(timings.map((each) => each.firstMs)));
      end.get(contestant.name)?.push(median(timings.map((each) => each.endMs)));
    }
  }
  const [directFirst, directEnd] = [first, end].map((each) => median(each.get('direct') ?? []));
  return contestants
    .filter(({ name }) => name !== 'direct')
    .map(({ name }) => {
      const added = (all: Map<string, number[]>, base = 0) =>
        spread((all.get(name) ?? []).map((value) => value - base));
      return `| ${name} | ${added(first, directFirst)} | ${added(end, directEnd)} |`;
    });
}

async function series(contestant: Contestant, runs: number) {
  const timings = [];
  for (let index = 0; index < runs; index += 1) timings.push(await contestant.run('text'));
  return timings;
}

/** 500 streams begun within a second: first token after 500 ms, then 100 tokens 20 ms apart; nothing faster than 2,480 ms is possible. */
export async function measureSlowStreams(
  contestant: Contestant,
  { streams, round }: { streams: number; round: string },
): Promise<string> {
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, contestant.server.residentMb())), 50);
  const cpuBefore = contestant.server.cpuMs();
  const timings = await Promise.all(
    Array.from({ length: streams }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, (index / streams) * 1000));
      return contestant.run('slow');
    }),
  );
  clearInterval(watch);
  const ends = timings.map((each) => each.endMs);
  const good = timings.filter((each) => each.ok).length;
  const cpu = (contestant.server.cpuMs() - cpuBefore) / 1000;
  reportFailures(contestant.name, timings);
  return `| ${contestant.name} | ${round} | ${good} of ${streams} | ${fixed(percentile(ends, 0.5), 0)} / ${fixed(percentile(ends, 0.99), 0)} | ${fixed(cpu)} | ${fixed(peak, 0)} |`;
}

/** A run that does not end well is worth more than a figure: what the clients were told, each reason once. */
function reportFailures(name: string, timings: readonly RunTiming[]): void {
  const counts = new Map<string, number>();
  for (const { failure } of timings) {
    if (failure !== null) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  }
  for (const [failure, count] of counts) console.log(`${name}: ${count} x ${failure}`);
}
