import type { Finding, Patient } from './finding.ts';

/** Tools that run something. */
const commandTools = ['shell', 'run_python', 'run_node', 'search_files'];

/** What commands of agents need of this machine. What is missing is a problem only where an agent has such a tool. */
export async function checkSandbox({ context: { say }, platform, project }: Patient): Promise<Finding[]> {
  const report = await platform.inspectSandbox(project);
  if (report === null) return [{ check: 'sandbox', level: 'ok', message: say('doctor.sandboxOff') }];
  const { kind } = report;
  if (kind === 'none') {
    const mend = say('doctor.sandboxNoneMend');
    return [{ check: 'sandbox', level: 'warning', message: say('doctor.sandboxNone'), mend }];
  }
  const { findings } = report;
  if (findings.length === 0)
    return [{ check: 'sandbox', level: 'ok', message: say('doctor.sandbox', { kind }) }];
  const agents = await platform.inspectAgentFiles(project);
  const isUsed = agents.some(({ agent }) => agent?.tools.some((tool) => commandTools.includes(tool)));
  return findings.map(({ message: reason, mend, isNeeded }) => ({
    check: 'sandbox',
    level: isNeeded && isUsed ? 'problem' : 'warning',
    message: say('doctor.sandboxLacks', { kind, reason }),
    mend,
  }));
}
