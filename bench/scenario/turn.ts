import type { Contestant } from '../measure/contestants.ts';
import { platformContestant } from '../measure/contestants.ts';
import { readFigures } from '../measure/database-figures.ts';
import { median } from '../measure/figures.ts';
import type { PlatformStart, Stage } from '../measure/stage.ts';
import { measureBurst } from './tools-burst.ts';

/** Model calls of a run with ten tools. */
const turns = 11;

/** Everything that accounts for a turn, switched on as far as it is not always. Nothing is ever refused here. */
const accounting: PlatformStart = {
  environment: {
    BATUTA_PRICES: JSON.stringify({ 'bench/*': { input: 1, output: 1 } }),
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

/**
 * What budgets, limits and rules add to a turn: runs of ten tools by an agent under none of them, and by the same agent under
 * three budgets, four rules and a plan of limits, on servers of their own, in turn.
 */
export async function measureTurn(stage: Stage, size: { rounds: number; runs: number }): Promise<string[]> {
  const plain = platformContestant('plain', await stage.startPlatform(), stage);
  const accounted = asAccounted(
    platformContestant('accounted', await stage.startPlatform(accounting), stage),
  );
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
  for (const { server } of [plain, accounted]) await server.kill('SIGTERM');
  const [without, under] = [plain, accounted].map((contestant) => figures.get(contestant));
  return without && under ? [...[without, under].map(row), difference(without, under)] : [];
}

/** The same runs by the agent that has budgets and rules. */
function asAccounted(contestant: Contestant): Contestant {
  return { ...contestant, run: () => contestant.run('accounted') };
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

function row({ cpuMs, writes, walKb }: TurnFigures, index: number): string {
  const name = index === 0 ? 'without' : '3 budgets, 4 rules, limits';
  return `| ${name} | ${median(cpuMs).toFixed(3)} | ${writes.toFixed(2)} | ${walKb.toFixed(2)} |`;
}

function difference(without: TurnFigures, under: TurnFigures): string {
  const cpu = median(under.cpuMs.map((value, round) => value - (without.cpuMs[round] ?? value)));
  const writes = (under.writes - without.writes).toFixed(2);
  return `| added | ${cpu.toFixed(3)} | ${writes} | ${(under.walKb - without.walKb).toFixed(2)} |`;
}
