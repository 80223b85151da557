import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { AgentFileReport } from '@batuta/platform';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';

/** `batuta agents validate [files]`: works without a platform. Exit code 1 when a file is not valid. */
export async function validateAgents(context: CommandContext, files: readonly string[]): Promise<number> {
  const { io, projectFolder } = context;
  const platform = await context.loadPlatform();
  const all = await platform.inspectAgentFiles({ projectFolder, environment: io.environment });
  const reports = files.length === 0 ? all : files.map((file) => reportOf(context, all, file));
  const text = context.options.json
    ? JSON.stringify({ files: reports }, null, 2)
    : sentences(context, reports);
  await writeText(io.output, `${text}\n`);
  return reports.some((report) => report.problems.length > 0) ? exitCodes.failed : exitCodes.done;
}

/** What was found about one file that was asked for, by whatever path. */
function reportOf(context: CommandContext, all: readonly AgentFileReport[], asked: string): AgentFileReport {
  const { io, projectFolder: folder, say } = context;
  const path = resolve(io.folder, asked);
  const found = all.find((report) => resolve(folder, report.file) === path);
  if (found !== undefined) return found;
  const reason = existsSync(path) ? say('agents.notAnAgent', { folder }) : say('agents.noFile');
  return { file: path, agent: null, problems: [{ line: 1, reason, hint: '' }] };
}

function sentences(context: CommandContext, reports: readonly AgentFileReport[]): string {
  const { say, style } = context;
  const invalid = reports.filter((report) => report.problems.length > 0);
  if (reports.length === 0) return say('error.noAgents');
  if (invalid.length === 0) return style.green(say('agents.valid', { count: reports.length }));
  const problems = invalid.flatMap((report) => problemLines(context, report));
  const summary = say('agents.invalid', { count: problems.length, files: invalid.length });
  return [...problems, style.red(summary)].join('\n');
}

/** `file:line: reason`, the form that editors make clickable. */
export function problemLines(
  context: CommandContext,
  report: Pick<AgentFileReport, 'file' | 'problems'>,
): string[] {
  const file = relative(context.io.folder, resolve(context.projectFolder, report.file));
  return report.problems.map((problem) =>
    safeLine(
      `${file}:${problem.line}: ${problem.reason}.${problem.hint === '' ? '' : ` ${problem.hint.trim()}`}`,
    ),
  );
}
