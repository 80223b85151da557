/**
 * Measures the platform beside a yardstick in the same run, contestants in turn, because the machine is shared and noisy: trust
 * ratios. `npm run bench`, or `npm run bench -- burst streams` for some parts. The figures are kept in bench/README.md by hand,
 * with the machine they come from.
 */
import { cpus } from 'node:os';
import { directContestant, floorContestant, platformContestant } from './measure/contestants.ts';
import { setStage, type Stage } from './measure/stage.ts';
import { measureFootprint, measureRecovery, measureWakeUp } from './scenario/footprint.ts';
import { measureAddedLatency, measureSlowStreams } from './scenario/streams.ts';
import { measureTurn, moneyAlone } from './scenario/turn.ts';
import { measureToolsBurst, measureWrites } from './scenario/tools-burst.ts';

const parts: Record<string, (stage: Stage) => Promise<void>> = {
  burst: async (stage) => {
    const [floor, platform] = await both(stage);
    say(
      'server | CPU ms/run | x floor | runs/s | p50 ms | p99 ms',
      await measureToolsBurst([floor, platform], { rounds: 5, runs: 160 }),
    );
    await Promise.all([floor.server.kill('SIGTERM'), platform.server.kill('SIGTERM')]);
  },
  writes: async (stage) => {
    const platform = platformContestant('platform', await stage.startPlatform(), stage);
    say('workload | write transactions/run | WAL kB/run', await measureWrites(stage, platform, 100));
    await platform.server.kill('SIGTERM');
  },
  turn: async (stage) => {
    say(
      'runs of 10 tools | CPU ms/turn | write transactions/turn | WAL kB/turn',
      await measureTurn(stage, { rounds: 5, runs: 160 }),
    );
  },
  money: async (stage) => {
    say(
      'runs of 10 tools | CPU ms/turn | write transactions/turn | WAL kB/turn',
      await measureTurn(stage, { rounds: 7, runs: 120 }, moneyAlone),
    );
  },
  latency: async (stage) => {
    const [floor, platform] = await both(stage);
    const contestants = [directContestant(stage.emulator), floor, platform];
    say(
      'server | first text added ms | end added ms',
      await measureAddedLatency(contestants, { rounds: 7, runs: 10 }),
    );
    await Promise.all([floor.server.kill('SIGTERM'), platform.server.kill('SIGTERM')]);
  },
  streams: async (stage) => {
    const [floor, platform] = await both(stage);
    const rows: string[] = [];
    // The first round finds servers that have just started; it is shown as it is.
    for (const round of ['cold', 'warm', 'warm', 'warm']) {
      for (const contestant of [directContestant(stage.emulator), floor, platform]) {
        rows.push(await measureSlowStreams(contestant, { streams: 500, round }));
      }
    }
    await Promise.all([floor.server.kill('SIGTERM'), platform.server.kill('SIGTERM')]);
    say('server | round | good | end p50 / p99 ms | CPU s | peak MB', rows.toSorted());
  },
  footprint: async (stage) => {
    say('database | ready ms | idle MB', await measureFootprint(stage, 3));
  },
  recovery: async (stage) => {
    say('what | time', [
      `| taken up by another process after kill -9 | ${await measureRecovery(stage, 3)} |`,
    ]);
  },
  wakeup: async (stage) => {
    say('what | time', [
      `| accepted in one process, begun in another | ${await measureWakeUp(stage, 100)} |`,
    ]);
  },
};

async function both(stage: Stage) {
  const [floor, platform] = await Promise.all([stage.startFloor(), stage.startPlatform()]);
  return [floorContestant(floor), platformContestant('platform', platform, stage)] as const;
}

function say(head: string, rows: readonly string[]): void {
  const columns = head.split('|').length;
  console.log([`\n| ${head} |`, `|${' --- |'.repeat(columns)}`, ...rows].join('\n'));
}

const wanted = process.argv.slice(2).filter((name) => name in parts);
console.log(`${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`);
const stage = await setStage();
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) await measure(stage);
  }
} finally {
  await stage.close();
}
