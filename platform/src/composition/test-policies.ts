import { BatutaError, policyCasesSchema, type PolicyCase, type PolicyExplanation } from '@batuta/contract';
import { makeArgumentResolver } from '../adapter/argument-resolver/argument-resolver.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { explainPolicy, type ExplainContext } from '../application/policy/explain-policy.ts';
import { PolicyBook } from '../application/policy/policy-book.ts';
import { parseYamlFile, type YamlFile } from '../domain/definition/definition-file.ts';
import type { PolicyCaseReport, PolicyTestReport, ProjectOptions } from '../platform.ts';
import type { z } from 'zod';
import { makeModels } from './make-models.ts';
import { loadProject } from './make-tools.ts';
import { firstOf, openProject } from './open-project.ts';

/** Asker of all cases: rules that name no role do not depend on it. */
const asker = { tenantId: 'default', role: 'member' } as const;

/** Judges each case of a file by the rules of the project. Errors: those of the project, and `agent-file-invalid` for the file itself. */
export async function testPolicies(
  options: ProjectOptions,
  source: { file: string; content: Uint8Array },
): Promise<PolicyTestReport> {
  const parsed = parseYamlFile(source, policyCasesSchema);
  if (!parsed.ok)
    throw firstOf(parsed.problems.map((problem) => new BatutaError('agent-file-invalid', problem)));
  const project = await openProject(options);
  const { configuration } = project;
  const { environment } = options;
  const { registry } = await makeModels({ configuration, environment, clock: systemClock });
  const loaded = await loadProject(
    project,
    registry.describe().map(({ provider }) => provider),
  );
  try {
    if (loaded.problems.length > 0) throw firstOf(loaded.problems);
    const policy = parsed.value.value.tenant;
    const tenantSettings = { read: async () => (policy ? { policy } : {}) };
    const context: ExplainContext = {
      agents: loaded.agents,
      tools: loaded.tools,
      policies: new PolicyBook({ project: loaded.definitions.policies, tenantSettings }),
      resolver: makeArgumentResolver({ projectFolder: project.folder.path }),
      clock: systemClock,
    };
    return { file: source.file, cases: await judgeAll(context, parsed.value) };
  } finally {
    await loaded.close();
  }
}

async function judgeAll(
  context: ExplainContext,
  { value, lineOf }: YamlFile<z.infer<typeof policyCasesSchema>>,
): Promise<PolicyCaseReport[]> {
  const reports: PolicyCaseReport[] = [];
  for (const [index, each] of value.cases.entries()) {
    reports.push(await judge(context, each, lineOf(['cases', index])));
  }
  return reports;
}

async function judge(
  context: ExplainContext,
  { name, expect, ...call }: PolicyCase,
  line: number,
): Promise<PolicyCaseReport> {
  const title = name ?? `${call.agent}: ${call.tool} ${JSON.stringify(call.arguments)}`;
  try {
    const found = await explainPolicy(context, asker, call);
    return { name: title, line, passed: isExpected(expect, found), expected: expect, found, error: null };
  } catch (error) {
    if (!BatutaError.is(error)) throw error;
    return { name: title, line, passed: false, expected: expect, found: null, error: error.message };
  }
}

function isExpected(wanted: PolicyCase['expect'], found: PolicyExplanation): boolean {
  return (
    wanted.effect === found.effect &&
    (wanted.rule === undefined || wanted.rule === found.rule.name) &&
    (wanted.source === undefined || wanted.source === found.rule.source)
  );
}
