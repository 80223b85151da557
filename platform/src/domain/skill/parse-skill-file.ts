import { skillFrontMatterSchema, type SkillFrontMatter } from '@batuta/contract';
import type { ProjectFile } from '../../port/project-folder.ts';
import {
  parseDefinitionFile,
  type DefinitionFile,
  type FileProblem,
  type Parsed,
} from '../definition/definition-file.ts';

/** A SKILL.md that was read and checked. */
export interface SkillFile {
  file: string;
  frontMatter: SkillFrontMatter;
  /** What the model is told when it loads the skill. */
  body: string;
}

/** Reads one SKILL.md. */
export function parseSkillFile(source: ProjectFile): Parsed<SkillFile> {
  const parsed = parseFrontMatter(source);
  if (!parsed.ok) return parsed;
  const { file, frontMatter, body, bodyLine, lineOf } = parsed.value;
  const problems: FileProblem[] = [];
  const folder = file.split('/').at(-2) ?? '';
  if (frontMatter.name !== folder) {
    const reason = `the name "${frontMatter.name}" is not the folder's`;
    const hint = ` Write "name: ${folder}", or rename the folder.`;
    problems.push({ file, line: lineOf(['name']), reason, hint });
  }
  if (body === '') {
    const hint = ' Write after the front matter what is to be done, step by step.';
    problems.push({ file, line: bodyLine, reason: 'the instructions are missing', hint });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { file, frontMatter, body } };
}

/**
 * The front matter, with keys of other programs: those are let be, but one that is nearly a known key is a mistake. Read strictly first, so
 * that such a key is named also where another one is missing because of it.
 */
function parseFrontMatter(source: ProjectFile): Parsed<DefinitionFile<SkillFrontMatter>> {
  const strict = parseDefinitionFile(source, skillFrontMatterSchema.strict());
  if (strict.ok) return strict;
  const problems = strict.problems.filter(({ reason, hint }) => !isForeignKey(reason, hint));
  return problems.length > 0 ? { ok: false, problems } : parseDefinitionFile(source, skillFrontMatterSchema);
}

function isForeignKey(reason: string, hint: string): boolean {
  return reason.endsWith(' is not known here') && !hint.startsWith(' Did you mean');
}
