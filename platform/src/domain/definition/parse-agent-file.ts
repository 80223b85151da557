import { agentFrontMatterSchema, type AgentDefinition } from '@batuta/contract';
import type { ProjectFile } from '../../port/project-folder.ts';
import { parseDefinitionFile, type FileProblem, type Parsed } from './definition-file.ts';
import type { PositionedYaml } from './positioned-yaml.ts';

/** An agent as its file says it, not yet checked against the models, tools and agents that exist. */
export interface AgentFile {
  file: string;
  definition: AgentDefinition;
  lineOf: PositionedYaml['lineOf'];
}

/** Reads one agent file. */
export function parseAgentFile(source: ProjectFile): Parsed<AgentFile> {
  const parsed = parseDefinitionFile(source, agentFrontMatterSchema);
  if (!parsed.ok) return parsed;
  const { file, frontMatter, body, bodyLine, lineOf } = parsed.value;
  const problems: FileProblem[] = [];
  const expected = nameOfFile(file);
  if (frontMatter.name !== expected) {
    const reason = `the name "${frontMatter.name}" is not the file's`;
    problems.push({
      file,
      line: lineOf(['name']),
      reason,
      hint: ` Write "name: ${expected}", or rename the file.`,
    });
  }
  if (body === '') {
    const hint = ' Write after the front matter what the agent is and how it works.';
    problems.push({ file, line: bodyLine, reason: 'the instructions are missing', hint });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { file, definition: { ...frontMatter, instructions: body }, lineOf } };
}

/** `agents/support.md` and `agents/support/agent.md` are both `support`. */
export function nameOfFile(file: string): string {
  const steps = file.split('/');
  const last = steps.at(-1) ?? '';
  return last === 'agent.md' && steps.length > 2 ? (steps.at(-2) ?? '') : last.replace(/\.md$/, '');
}
