import type { Contestant } from '../measure/contestants.ts';
import { platformContestant } from '../measure/contestants.ts';
import { readFigures } from '../measure/database-figures.ts';
import { median } from '../measure/figures.ts';
import type { PlatformStart, Stage } from '../measure/stage.ts';
import { measureBurst } from './tools-burst.ts';

/** Model calls of a run with ten tools. */
const turns = 11;

const prices = { BATUTA_PRICES: JSON.stringify({ 'bench/*': { input: 1, output: 1 } }) };

/** Everything that accounts for a turn, switched on as far as it is not always. Nothing is ever refused here. */
const accounting: PlatformStart = {
  environment: {
    ...prices,
    BATUTA_LIMITS_PLANS: JSON.stringify({
      bench: {
        tenant: {
          requests_per_minute: 1e8,
          requests_per_day: 1e9,
          tokens_per_minute: 1e9,
          tokens_per_day: 1e9,
        },
        user: { requests_per_minute: 1e8, tokens_per_day: 1e9 },
        key: { requests_per_minute: 1e8, tokens_per_day: 1e9 },
        tools: { '*': { calls_per_minute: 1e8 } },
      },
    }),
    BATUTA_LIMITS_DEFAULT_PLAN: 'bench',
  },
};

interface TurnFigures {
  cpuMs: number[];
  writes: number;
  walKb: number;
}

/** What is compared with runs that nothing accounts for: the agent, and the server that it runs on. */
interface Accounted {
  workload: 'accounted' | 'budgeted';
  start: PlatformStart;
  title: string;
}

/** Three budgets, four rules and a plan of limits. */
export const everything: Accounted = {
  workload: 'accounted',
  start: accounting,
  title: '3 budgets, 4 rules, limits',
};

/** Three budgets and nothing else. */
export const moneyAlone: Accounted = {
  workload: 'budgeted',
  start: { environment: prices },
  title: '3 budgets',
};

/** What accounting adds to a turn: runs of ten tools with it and without, on servers of their own, in turn. */
export async function measureTurn(
  stage: Stage,
  size: { rounds: number; runs: number },
  { workload, start, title }: Accounted = everything,
): Promise<string[]> {
  const plain = platformContestant('plain', await stage.startPlatform(), stage);
  const server = platformContestant(title, await stage.startPlatform(start), stage);
  const accounted: Contestant = { ...server, run: () => server.run(workload) };
  const figures = new Map<Contestant, TurnFigures>();
  for (const contestant of [plain, accounted]) {
    await measureBurst(contestant, size.runs);
    figures.set(contestant, { cpuMs: [], ...(await measureWritesOf(stage, contestant)) });
  }
  for (let round = 0; round < size.rounds; round += 1) {
    for (const [contestant, { cpuMs }] of figures) {
      cpuMs.push((await measureBurst(contestant, size.runs)).cpuMs / turns);
    }
  }
  for (const each of [plain, accounted]) await each.server.kill('SIGTERM');
  const [without, under] = [plain, accounted].map((contestant) => figures.get(contestant));
  return without && under ? [row('without', without), row(title, under), difference(without, under)] : [];
}

async function measureWritesOf(stage: Stage, contestant: Contestant) {
  const runs = 30;
  const before = await readFigures(stage.postgres.url);
  for (let index = 0; index < runs; index += 1) await contestant.run('tools');
  const after = await readFigures(stage.postgres.url);
  return {
    writes: Number(after.writes - before.writes) / runs / turns,
    walKb: Number(after.walBytes - before.walBytes) / runs / turns / 1024,
  };
}

function row(name: string, { cpuMs, writes, walKb }: TurnFigures): string {
  return `| ${name} | ${median(cpuMs).toFixed(3)} | ${writes.toFixed(2)} | ${walKb.toFixed(2)} |`;
}

function difference(without: TurnFigures, under: TurnFigures): string {
  const cpu = median(under.cpuMs.map((value, round) => value - (without.cpuMs[round] ?? value)));
  const writes = (under.writes - without.writes).toFixed(2);
  return `| added | ${cpu.toFixed(3)} | ${writes} | ${(under.walKb - without.walKb).toFixed(2)} |`;
}
