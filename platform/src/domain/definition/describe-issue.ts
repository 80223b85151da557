import type { z } from 'zod';
import { hintFor } from './nearest-word.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong at one place of a value, in words that a person or a model can act on. */
export interface DescribedIssue {
  path: PropertyKey[];
  reason: string;
  /** ` Did you mean "..."?` or nothing. */
  hint: string;
}

/** Describes every issue; an unknown key becomes an issue of its own at the key. `knownKeys` gives the keys allowed at a path. */
export function describeIssues(
  issues: readonly Issue[],
  knownKeys: (path: readonly PropertyKey[]) => string[],
): DescribedIssue[] {
  return issues.flatMap((issue) => {
    const unknown = unknownKeys(issue);
    if (unknown.length === 0) return [describeIssue(issue)];
    const known = knownKeys(issue.path);
    return unknown.map((key) => ({
      path: [...issue.path, key],
      reason: `"${pathText([...issue.path, key])}" is not known here`,
      hint: hintFor(key, known) || (known.length > 0 ? ` Known: ${known.join(', ')}.` : ''),
    }));
  });
}

/** Keys that are not known; of a union those that no branch knows. */
function unknownKeys(issue: Issue): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys;
  if (issue.code !== 'invalid_union') return [];
  const [first = [], ...others] = issue.errors.map((errors) =>
    errors.flatMap((error) =>
      error.code === 'unrecognized_keys' && error.path.length === 0 ? error.keys : [],
    ),
  );
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

/** All issues in one clause: hints stand in brackets, so that the clause can end a sentence. */
export function issuesClause(issues: readonly DescribedIssue[]): string {
  return issues
    .map(({ reason, hint }) =>
      hint === '' ? reason : `${reason} (${lowerFirst(hint.trim()).replace(/\.$/, '')})`,
    )
    .join('; ');
}

function describeIssue(issue: Issue): DescribedIssue {
  const inner = innerIssue(issue);
  if (inner !== undefined) return describeIssue({ ...inner, path: [...issue.path, ...inner.path] });
  const subject = issue.path.length > 0 ? `"${pathText(issue.path)}"` : 'the whole';
  const hint =
    issue.code === 'invalid_value' && typeof issue.input === 'string'
      ? hintFor(issue.input, issue.values.map(String))
      : '';
  return { path: issue.path, reason: `${subject} ${complaint(issue)}`, hint };
}

/** What is wrong with a key, or with the branch of a union that fits best. */
function innerIssue(issue: Issue): Issue | undefined {
  if (issue.code === 'invalid_key') return issue.issues[0];
  return issue.code === 'invalid_union' ? closestBranch(issue) : undefined;
}

/** Of a union's branches the one that fits best: what is wrong deepest inside or not with the type itself. */
function closestBranch(issue: Extract<Issue, { code: 'invalid_union' }>): Issue | undefined {
  const branches = issue.errors.flatMap((errors) => errors.slice(0, 1));
  return branches.find((error) => error.path.length > 0 || error.code !== 'invalid_type');
}

function complaint(issue: Issue): string {
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_small') {
    return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
  }
  const wanted = wantedBy(issue);
  if (wanted === undefined) return lowerFirst(issue.message);
  return issue.input === undefined
    ? `is missing: it must be ${wanted}`
    : `must be ${wanted}, not ${sample(issue.input)}`;
}

function wantedBy(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return withArticle(issue.expected);
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  if (issue.code === 'invalid_union') return unionForms(issue);
  if (issue.code !== 'invalid_format') return undefined;
  return issue.message.startsWith('must be ')
    ? issue.message.slice('must be '.length)
    : `a valid ${issue.format}`;
}

function unionForms(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const forms = issue.errors.flatMap((errors) =>
    errors
      .slice(0, 1)
      .map((error) => (error.code === 'invalid_type' ? withArticle(error.expected) : error.message)),
  );
  return [...new Set(forms)].join(' or ') || issue.message;
}

const names: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function withArticle(type: string): string {
  return names[type] ?? type;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' || origin === 'set' ? ' items long' : '';
}

function sample(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** `budget.run_usd`, `tools[2]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
