import { policySetSchema, type PolicySet } from '@batuta/contract';
import type { ProjectFile } from '../../port/project-folder.ts';
import { parseYamlFile, type FileProblem, type Parsed } from './definition-file.ts';
import { hintFor } from './nearest-word.ts';
import type { PositionedYaml } from './positioned-yaml.ts';

/** A file of `policies/`, not yet checked against the tools that exist. */
export interface PolicyFile {
  file: string;
  set: PolicySet;
  lineOf: PositionedYaml['lineOf'];
}

/** Reads one policy file and checks that the agents that it names exist. */
export function parsePolicyFile(source: ProjectFile, agents: readonly string[]): Parsed<PolicyFile> {
  const parsed = parseYamlFile(source, policySetSchema);
  if (!parsed.ok) return parsed;
  const { file, value: set, lineOf } = parsed.value;
  const problems = (set.agents ?? []).flatMap((agent, index): FileProblem[] => {
    if (agent.includes('*') || agents.includes(agent)) return [];
    const hint = hintFor(agent, agents);
    return [{ file, line: lineOf(['agents', index]), reason: `there is no agent "${agent}"`, hint }];
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { file, set, lineOf } };
}
