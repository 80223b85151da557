import { type CommandContext, exitCodes } from '../command-context.ts';
import { isAnswering } from '../connection/is-answering.ts';
import { locateProject } from '../connection/locate-project.ts';
import { runningUrl } from '../connection/running-url.ts';
import { checkAgents } from '../doctor/check-agents.ts';
import { checkDataFolder } from '../doctor/check-data-folder.ts';
import { checkDatabase } from '../doctor/check-database.ts';
import { checkJobs } from '../doctor/check-jobs.ts';
import { checkModels } from '../doctor/check-models.ts';
import { checkSources } from '../doctor/check-sources.ts';
import { checkPort } from '../doctor/check-port.ts';
import { checkBrowser } from '../doctor/check-browser.ts';
import { checkSandbox } from '../doctor/check-sandbox.ts';
import { checkNode, checkProject } from '../doctor/check-surroundings.ts';
import type { Finding, Patient } from '../doctor/finding.ts';
import { allOf, reasonOf } from '../failure.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';

/** `batuta doctor`: changes nothing. Exit code 1 when there is a problem; warnings do not count. */
export async function doctor(context: CommandContext): Promise<number> {
  const findings = await examine(context);
  const { io, options } = context;
  const text = options.json ? JSON.stringify({ findings }, null, 2) : renderFindings(context, findings);
  await writeText(io.output, `${text}\n`);
  return findings.some((finding) => finding.level === 'problem') ? exitCodes.failed : exitCodes.done;
}

async function examine(context: CommandContext): Promise<Finding[]> {
  const before = [checkNode(context), checkProject(context)];
  if (before.some((finding) => finding.level === 'problem')) return before;
  const patient = await admit(context);
  if (Array.isArray(patient)) return [...before, ...patient];
  const count = patient.configuration.settings.filter((setting) => setting.source !== 'default').length;
  const configuration: Finding = {
    check: 'configuration',
    level: 'ok',
    message: context.say('doctor.configuration', { count }),
  };
  return [
    ...before,
    configuration,
    ...patient.configuration.warnings.map(warningOf),
    ...(await examined('agents', () => checkAgents(patient))),
    ...(await examined('database', () => checkDatabase(patient))),
    ...(await examined('jobs', () => checkJobs(patient))),
    ...(await examined('models', () => checkModels(patient))),
    ...(await examined('sandbox', () => checkSandbox(patient))),
    ...(await examined('browser', () => checkBrowser(patient))),
    ...(await examined('tools', () => checkSources(patient))),
    ...(await examined('port', () => checkPort(patient))),
    ...(await examined('disk', async () => checkDataFolder(patient))),
  ];
}

/** What is configured and cannot be meant so, such as a variable that means nothing. */
function warningOf(message: string): Finding {
  return { check: 'configuration', level: 'warning', message };
}

/** Reads the configuration; what is wrong with it is a finding, and then nothing else can be looked at. */
async function admit(context: CommandContext): Promise<Patient | Finding[]> {
  const project = { projectFolder: context.projectFolder, environment: context.io.environment };
  try {
    const platform = await context.loadPlatform();
    const configuration = await context.inspectConfiguration(project);
    const url = await runningUrl(await locateProject(context));
    return { context, platform, project, configuration, url, running: await isAnswering(url) };
  } catch (error) {
    return allOf(error).map((one) => ({ check: 'configuration', level: 'problem', message: reasonOf(one) }));
  }
}

/** A check that fails itself is a problem too. */
async function examined(
  check: Finding['check'],
  look: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [{ check, level: 'problem', message: reasonOf(error) }];
  }
}

function renderFindings({ say, style }: CommandContext, findings: readonly Finding[]): string {
  const marks = { ok: style.green('✓'), warning: style.yellow('!'), problem: style.red('✗') };
  const lines = findings.flatMap((finding, index) => {
    const level = finding.level === 'ok' ? '' : `${say(`doctor.${finding.level}`)}: `;
    const line = `${marks[finding.level]} ${level}${safeLine(finding.message)}`;
    // Findings in a row that are mended in the same way say so once.
    const isSaid = finding.mend === undefined || finding.mend === findings[index + 1]?.mend;
    return isSaid ? [line] : [line, `  → ${safeLine(finding.mend ?? '')}`];
  });
  const problems = findings.filter((finding) => finding.level === 'problem').length;
  const warnings = findings.filter((finding) => finding.level === 'warning').length;
  const summary =
    problems + warnings === 0 ? say('doctor.good') : say('doctor.count', { problems, warnings });
  return [...lines, '', summary].join('\n');
}
