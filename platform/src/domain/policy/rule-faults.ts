import type { PolicyRule } from '@batuta/contract';
import { z } from 'zod';
import { faultOfCommandPattern } from './match-command.ts';
import { faultOfHostPattern } from './match-host.ts';

/** Something in a rule that its schema cannot see. */
export interface RuleFault {
  /** Inside the rule. */
  path: readonly PropertyKey[];
  reason: string;
}

/** What is wrong with any of several rules; the path begins with the place of the rule. */
export function faultsOfRules(rules: readonly PolicyRule[]): RuleFault[] {
  return rules.flatMap((rule, index) =>
    faultsOfRule(rule).map(({ path, reason }) => ({ path: [index, ...path], reason })),
  );
}

/** What is wrong with the patterns and schemas of a rule; afterwards it can be compiled. */
export function faultsOfRule(rule: PolicyRule): RuleFault[] {
  return Object.entries(rule.arguments ?? {}).flatMap(([name, argument]) => {
    const at = ['arguments', name];
    return [
      ...patternFaults([...at, 'hosts'], argument.hosts, faultOfHostPattern),
      ...patternFaults([...at, 'commands'], argument.commands, faultOfCommandPattern),
      ...schemaFaults([...at, 'schema'], argument.schema),
    ];
  });
}

function patternFaults(
  path: readonly PropertyKey[],
  patterns: readonly string[] = [],
  faultOf: (pattern: string) => string | undefined,
): RuleFault[] {
  return patterns.flatMap((pattern, index) => {
    const reason = faultOf(pattern);
    return reason === undefined ? [] : [{ path: [...path, index], reason }];
  });
}

function schemaFaults(
  path: readonly PropertyKey[],
  schema: Parameters<typeof z.fromJSONSchema>[0] | undefined,
) {
  if (schema === undefined) return [];
  try {
    z.fromJSONSchema(schema);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path, reason: `the JSON Schema cannot be used (${reason})` }];
  }
}
