import { problemLines } from '../command/validate-agents.ts';
import type { Finding, Patient } from './finding.ts';

/** The agent files: one problem a line that is not valid. */
export async function checkAgents(patient: Patient): Promise<Finding[]> {
  const { context, platform, project } = patient;
  const { say } = context;
  const reports = await platform.inspectAgentFiles(project);
  if (reports.length === 0) {
    const message = say('doctor.noAgents');
    return [{ check: 'agents', level: 'warning', message, mend: say('doctor.noAgentsMend') }];
  }
  const lines = reports.flatMap((report) => problemLines(context, report));
  if (lines.length > 0) {
    const mend = say('doctor.agentMend');
    return lines.map((message): Finding => ({ check: 'agents', level: 'problem', message, mend }));
  }
  const names = reports.map((report) => report.agent?.name ?? report.file).join(', ');
  const message = say('doctor.agents', { names });
  return [{ check: 'agents', level: 'ok', message }];
}
