import type { PolicyRule } from '@batuta/contract';
import { headOf } from '../policy/compile-rule.ts';
import { faultsOfRule } from '../policy/rule-faults.ts';
import type { FileProblem } from './definition-file.ts';
import type { PositionedYaml } from './positioned-yaml.ts';
import { unknownTool } from './unknown-tool.ts';

/** The tools that rules may name. */
export interface KnownTools {
  /** Of these tool references, those that match nothing. */
  unknownTools(references: readonly string[]): string[];
  /** Names of all tools, for hints. */
  toolNames: readonly string[];
}

/** Rules of one file, and where they stand in it. */
export interface RulesOfFile {
  file: string;
  rules: readonly PolicyRule[];
  /** Key that holds the list. */
  key: string;
  lineOf: PositionedYaml['lineOf'];
}

/** What is wrong with rules: tools that do not exist, patterns and schemas that cannot be used. */
export function checkRules(
  { file, rules, key, lineOf }: RulesOfFile,
  surroundings: KnownTools,
): FileProblem[] {
  const heads = rules.map(headOf);
  const unknown = new Set(surroundings.unknownTools(heads.map(({ pattern }) => pattern)));
  return rules.flatMap((rule, index) => {
    const { effect, pattern } = headOf(rule);
    const line = (path: readonly PropertyKey[]) => lineOf([key, index, ...path]);
    const named = unknown.has(pattern)
      ? [{ file, line: line([effect]), ...unknownTool(pattern, surroundings.toolNames) }]
      : [];
    const faults = faultsOfRule(rule).map(({ path, reason }) => ({
      file,
      line: line(path),
      reason,
      hint: '',
    }));
    return [...named, ...faults];
  });
}
