import type { SkillReport } from '@batuta/platform';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { writeText } from '../terminal/io.ts';
import { renderTable } from '../terminal/table.ts';
import { problemLines } from './validate-agents.ts';

/** `batuta skills`: lists the skills of the project and says what is wrong with them. Works without a platform. */
export async function listSkills(context: CommandContext): Promise<number> {
  const { io, projectFolder } = context;
  const platform = await context.loadPlatform();
  const reports = await platform.inspectSkills({ projectFolder, environment: io.environment });
  if (context.options.json) await writeText(io.output, `${JSON.stringify({ skills: reports }, null, 2)}\n`);
  else await writeText(io.output, `${describe(context, reports)}\n`);
  return reports.some(({ problems }) => problems.length > 0) ? exitCodes.failed : exitCodes.done;
}

function describe(context: CommandContext, reports: readonly SkillReport[]): string {
  const { say, style, io } = context;
  if (reports.length === 0) return say('skills.none');
  const titles = [say('table.name'), say('skills.agents'), say('skills.files'), say('table.description')];
  const sound = reports.flatMap(({ skill }) => (skill === null ? [] : [skill]));
  const rows = sound.map((skill) => [
    skill.name,
    skill.agents.join(', '),
    String(skill.files),
    skill.description,
  ]);
  const table =
    rows.length === 0 ? [] : [renderTable({ titles, rows }, { columns: io.output.columns, style }).trimEnd()];
  const leftOut = sound
    .filter(({ left_out }) => left_out.length > 0)
    .map(({ name, left_out }) => style.dim(say('skills.leftOut', { name, tools: left_out.join(', ') })));
  const problems = reports.flatMap((report) => problemLines(context, report).map((line) => style.red(line)));
  return [...table, ...leftOut, ...problems].join('\n');
}
