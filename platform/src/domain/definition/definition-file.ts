import type { z } from 'zod';
import type { ProjectFile } from '../../port/project-folder.ts';
import { describeIssues } from './describe-issue.ts';
import { readYaml, type PositionedYaml } from './positioned-yaml.ts';
import { schemaKeys } from './schema-keys.ts';

/** Something wrong in a file, with the word that was probably meant. */
export interface FileProblem {
  file: string;
  line: number;
  reason: string;
  /** Begins with a space, or is empty. */
  hint: string;
}

/** A definition file taken apart and checked by its schema. */
export interface DefinitionFile<T> {
  file: string;
  frontMatter: T;
  /** The text after the front matter. */
  body: string;
  bodyLine: number;
  lineOf: PositionedYaml['lineOf'];
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; problems: FileProblem[] };

/** The largest definition file. */
export const largestFileBytes = 256 * 1024;

const fence = /^---[ \t]*$/;

/** A YAML file checked by its schema. */
export interface YamlFile<T> {
  file: string;
  value: T;
  lineOf: PositionedYaml['lineOf'];
}

/** Reads a YAML file and checks it; an empty one is an empty object. */
export function parseYamlFile<T>(source: ProjectFile, schema: z.ZodType<T>): Parsed<YamlFile<T>> {
  const { file } = source;
  const text = decode(source);
  if (!text.ok) return { ok: false, problems: [{ file, line: 1, reason: text.reason, hint: '' }] };
  const yaml = readYaml(text.value);
  if (!yaml.ok)
    return { ok: false, problems: yaml.problems.map((problem) => ({ file, ...problem, hint: '' })) };
  const checked = check({ file, schema }, yaml.yaml);
  if (!checked.ok) return checked;
  return { ok: true, value: { file, value: checked.value, lineOf: (path) => yaml.yaml.lineOf(path) } };
}

/** Takes a Markdown file with YAML front matter apart and checks the front matter. */
export function parseDefinitionFile<T>(source: ProjectFile, schema: z.ZodType<T>): Parsed<DefinitionFile<T>> {
  const { file } = source;
  const refuse = (line: number, reason: string, hint = ''): Parsed<never> => ({
    ok: false,
    problems: [{ file, line, reason, hint }],
  });
  const text = decode(source);
  if (!text.ok) return refuse(1, text.reason);
  const lines = text.value.split(/\r\n|\r|\n/);
  if (!fence.test(lines[0] ?? '')) {
    return refuse(
      1,
      'the front matter is missing',
      ' Begin the file with a line "---", settings, and another line "---".',
    );
  }
  const end = lines.findIndex((line, index) => index > 0 && fence.test(line));
  if (end < 0) return refuse(1, 'the front matter has no end', ' Close it with a line "---".');
  const yaml = readYaml(lines.slice(1, end).join('\n'), 2);
  if (!yaml.ok)
    return { ok: false, problems: yaml.problems.map((problem) => ({ file, ...problem, hint: '' })) };
  const checked = check({ file, schema }, yaml.yaml);
  if (!checked.ok) return checked;
  const body = lines
    .slice(end + 1)
    .join('\n')
    .trim();
  const lineOf: PositionedYaml['lineOf'] = (path) => yaml.yaml.lineOf(path);
  return { ok: true, value: { file, frontMatter: checked.value, body, bodyLine: end + 2, lineOf } };
}

function decode({
  content,
  reason,
}: ProjectFile): { ok: true; value: string } | { ok: false; reason: string } {
  if (content === null) return { ok: false, reason: reason ?? 'the file cannot be read' };
  if (content.byteLength > largestFileBytes) {
    return { ok: false, reason: `the file is larger than ${largestFileBytes / 1024} kB` };
  }
  try {
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true }).decode(content) };
  } catch {
    return { ok: false, reason: 'the file is not UTF-8 text' };
  }
}

function check<T>({ file, schema }: { file: string; schema: z.ZodType<T> }, yaml: PositionedYaml): Parsed<T> {
  const parsed = schema.safeParse(yaml.value ?? {}, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = describeIssues(parsed.error.issues, (path) => schemaKeys(schema, path));
  const problems = issues.map(({ path, reason, hint }) => ({ file, line: yaml.lineOf(path), reason, hint }));
  return { ok: false, problems: problems.toSorted((left, right) => left.line - right.line) };
}
