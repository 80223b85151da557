import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const guide = join(import.meta.dirname, '../../../docs/guide/policy.md');

/** What came of the attacks with one aim. */
export interface Row {
  aim: string;
  cases: number;
  /** Attacks that took effect under the default rules. */
  effects: number;
  /** Harmless tasks that were done without an approval. */
  tasks: number;
  /** Attacks that took effect where everything is allowed. */
  without: number;
}

/** The table of the guide. */
export function tableOf(rows: readonly Row[]): string {
  const sum = (count: (row: Row) => number) => rows.reduce((total, row) => total + count(row), 0);
  const total = {
    aim: '**all**',
    cases: sum(({ cases }) => cases),
    effects: sum(({ effects }) => effects),
    tasks: sum(({ tasks }) => tasks),
    without: sum(({ without }) => without),
  };
  return [
    '| the attacker wants to | attacks | take effect | the same task, harmless, done unasked | take effect if all is allowed |',
    '|---|---|---|---|---|',
    ...[...rows, total].map(
      ({ aim, cases, effects, tasks, without }) =>
        `| ${aim} | ${cases} | ${effects} | ${tasks} | ${without} |`,
    ),
  ].join('\n');
}

/** The table as it stands in the guide. */
export function tableInGuide(): string {
  const [, after = ''] = readFileSync(guide, 'utf8').split('| the attacker wants to |');
  return `| the attacker wants to |${after.split('\n\n')[0] ?? ''}`.trim();
}
