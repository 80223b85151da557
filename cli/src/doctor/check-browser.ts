import type { Finding, Patient } from './finding.ts';

/** Whether there is a Chromium. It is a problem only where an agent has tools of the browser. */
export async function checkBrowser({ context: { say }, platform, project }: Patient): Promise<Finding[]> {
  const { program, fault, jail } = await platform.inspectBrowser(project);
  if (fault === null) {
    const found: Finding = { check: 'browser', level: 'ok', message: say('doctor.browser', { program }) };
    if (jail.isThere) return [found];
    const message = say('doctor.browserUnjailed', { reason: jail.reason });
    return [found, { check: 'browser', level: 'warning', message, mend: say('doctor.browserUnjailedMend') }];
  }
  const agents = await platform.inspectAgentFiles(project);
  const isUsed = agents.some(({ agent }) => agent?.tools.some((tool) => tool.startsWith('browser_')));
  const level = isUsed ? 'problem' : 'warning';
  return [{ check: 'browser', level, message: say('doctor.browserMissing'), mend: fault.install }];
}
