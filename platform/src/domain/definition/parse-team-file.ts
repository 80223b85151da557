import { teamFrontMatterSchema, type TeamFrontMatter } from '@batuta/contract';
import type { ProjectFile } from '../../port/project-folder.ts';
import { parseDefinitionFile, type FileProblem, type Parsed } from './definition-file.ts';
import { hintFor } from './nearest-word.ts';
import type { PositionedYaml } from './positioned-yaml.ts';
import { nameOfFile } from './parse-agent-file.ts';

/** A team as its file says it. */
export interface TeamFile {
  file: string;
  team: TeamFrontMatter;
  lineOf: PositionedYaml['lineOf'];
}

/** Reads one team file and checks that its agents exist. */
export function parseTeamFile(source: ProjectFile, agents: readonly string[]): Parsed<TeamFile> {
  const parsed = parseDefinitionFile(source, teamFrontMatterSchema);
  if (!parsed.ok) return parsed;
  const { file, frontMatter: team, lineOf } = parsed.value;
  const expected = nameOfFile(file);
  const problems: FileProblem[] = [];
  if (team.name !== expected) {
    const reason = `the name "${team.name}" is not the file's`;
    problems.push({
      file,
      line: lineOf(['name']),
      reason,
      hint: ` Write "name: ${expected}", or rename the file.`,
    });
  }
  for (const [index, agent] of team.agents.entries()) {
    if (agents.includes(agent)) continue;
    const hint = hintFor(agent, agents);
    problems.push({ file, line: lineOf(['agents', index]), reason: `there is no agent "${agent}"`, hint });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { file, team, lineOf } };
}
