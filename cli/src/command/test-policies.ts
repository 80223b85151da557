import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PolicyCaseReport } from '@batuta/platform';
import { failure, reasonOf } from '../failure.ts';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { ruleText } from './policy.ts';

const usualFile = 'policies/test/cases.yaml';

/** `batuta policy test [file]`: works without a platform. Exit code 1 when a case fails. */
export async function testPolicies(context: CommandContext, name: string | undefined): Promise<number> {
  const { io, projectFolder, say, style } = context;
  const place = name === undefined ? path.resolve(projectFolder, usualFile) : path.resolve(io.folder, name);
  const near = path.relative(io.folder, place);
  const file = near.startsWith('..') ? place : near;
  const content = await read(place);
  const platform = await context.loadPlatform();
  const project = { projectFolder, environment: io.environment };
  const report = await platform.testPolicies(project, { file, content });
  const failed = report.cases.filter(({ passed }) => !passed);
  const summary =
    failed.length === 0
      ? style.green(say('policy.passed', { count: report.cases.length }))
      : style.red(say('policy.failed', { failed: failed.length, count: report.cases.length }));
  const lines = [...failed.map((each) => failureLine(context, file, each)), summary].join('\n');
  await writeText(io.output, `${context.options.json ? JSON.stringify(report) : lines}\n`);
  return failed.length === 0 ? exitCodes.done : exitCodes.failed;
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing) throw await failure('policy-cases-missing', { file }, error);
    throw await failure('file-unreadable', { file, reason: reasonOf(error) }, error);
  }
}

/** `file:line: name: what was expected and what was found`, the form that editors make clickable. */
function failureLine(context: CommandContext, file: string, each: PolicyCaseReport): string {
  return safeLine(`${file}:${each.line}: ${each.name}: ${whatFailed(context, each)}`);
}

function whatFailed(context: CommandContext, { expected, found, error }: PolicyCaseReport): string {
  if (found === null) return error ?? '';
  const { say } = context;
  if (expected.effect === found.effect) {
    const wanted = [expected.rule, expected.source].filter((part) => part !== undefined).join(', ');
    return say('policy.expectedRule', { rule: wanted, found: ruleText(context, found.rule) });
  }
  return say('policy.expected', {
    effect: expected.effect,
    found: found.effect,
    rule: ruleText(context, found.rule),
    reason: found.reason,
  });
}
