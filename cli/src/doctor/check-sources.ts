import type { ToolPage } from '@batuta/contract';
import { withClient } from '../connection/with-client.ts';
import { reasonOf } from '../failure.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Finding, Patient } from './finding.ts';

/** The sources of tools of the running platform, by what is wrong with them; nothing where none runs or none is declared. */
export async function checkSources({ context, running }: Patient): Promise<Finding[]> {
  if (!running) return [];
  const { say } = context;
  try {
    const { sources } = await withClient(context, (client) => client.listTools({ limit: 1 }));
    if (sources.length === 0) return [];
    const names = sources.map(({ name }) => name).join(', ');
    const ready: Finding = { check: 'tools', level: 'ok', message: say('doctor.sources', { names }) };
    const problems = sources.flatMap((source) => problemsOf(context, source));
    return problems.length > 0 ? problems : [ready];
  } catch (error) {
    // Who may not ask is told so, and everything else can still be looked at.
    const message = say('doctor.sourcesUnknown', { reason: reasonOf(error) });
    return [{ check: 'tools', level: 'warning', message }];
  }
}

function problemsOf(
  { say }: Patient['context'],
  { name, state, problems }: ToolPage['sources'][number],
): Finding[] {
  const mend = state === 'failing' ? { mend: say('doctor.sourceMend') } : {};
  return problems.map((problem) => {
    const message = say('doctor.source', { source: name, reason: safeLine(problem.message) });
    return { check: 'tools', level: 'warning', message, ...mend };
  });
}
