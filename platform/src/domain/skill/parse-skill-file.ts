import { skillFrontMatterSchema, skillKeys, type SkillFrontMatter } from '@batuta/contract';
import type { ProjectFile } from '../../port/project-folder.ts';
import { parseDefinitionFile, type FileProblem, type Parsed } from '../definition/definition-file.ts';
import { nearestWord } from '../definition/nearest-word.ts';

/** A SKILL.md that was read and checked. */
export interface SkillFile {
  file: string;
  frontMatter: SkillFrontMatter;
  /** What the model is told when it loads the skill. */
  body: string;
}

/** Reads one SKILL.md. */
export function parseSkillFile(source: ProjectFile): Parsed<SkillFile> {
  const parsed = parseDefinitionFile(source, skillFrontMatterSchema);
  if (!parsed.ok) return parsed;
  const { file, frontMatter, body, bodyLine, lineOf } = parsed.value;
  const problems: FileProblem[] = [];
  const folder = file.split('/').at(-2) ?? '';
  if (frontMatter.name !== folder) {
    const reason = `the name "${frontMatter.name}" is not the folder's`;
    const hint = ` Write "name: ${folder}", or rename the folder.`;
    problems.push({ file, line: lineOf(['name']), reason, hint });
  }
  for (const key of Object.keys(frontMatter)) problems.push(...misspelt(key, file, lineOf([key])));
  if (body === '') {
    const hint = ' Write after the front matter what is to be done, step by step.';
    problems.push({ file, line: bodyLine, reason: 'the instructions are missing', hint });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { file, frontMatter, body } };
}

/** Other programs have keys of their own; one that is nearly a known key is a mistake. */
function misspelt(key: string, file: string, line: number): FileProblem[] {
  if (skillKeys.includes(key)) return [];
  const meant = nearestWord(key, skillKeys);
  if (meant === undefined) return [];
  return [{ file, line, reason: `"${key}" is not known here`, hint: ` Did you mean "${meant}"?` }];
}
