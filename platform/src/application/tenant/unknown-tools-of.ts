import type { PolicyRule } from '@batuta/contract';
import { unknownTool } from '../../domain/definition/unknown-tool.ts';
import type { RuleFault } from '../../domain/policy/rule-faults.ts';
import { headOf } from '../../domain/policy/compile-rule.ts';
import { kindOf } from '../../domain/tool/tool-reference.ts';
import type { ToolCatalogue } from '../../port/tool.ts';

/** Sources whose tools may become known later: a rule may be there before they are. */
const lateKinds: ReadonlySet<string> = new Set(['mcp', 'openapi']);

/**
 * Rules for tools that do not exist: each protects nothing, and mostly is a slip of the pen. Patterns may find nothing, for they are written
 * for what is to come.
 */
export function unknownToolsOf(
  tools: Pick<ToolCatalogue, 'resolve' | 'names'>,
  rules: readonly PolicyRule[],
): RuleFault[] {
  const unknown = new Set(tools.resolve(rules.map(patternOf).filter(isExact)).unknown);
  if (unknown.size === 0) return [];
  return rules.flatMap((rule, index) => {
    const { effect, pattern } = headOf(rule);
    if (!unknown.has(pattern)) return [];
    const { reason, hint } = unknownTool(pattern, tools.names());
    return [{ path: [index, effect], reason: `${reason}.${hint}` }];
  });
}

function patternOf(rule: PolicyRule): string {
  return headOf(rule).pattern;
}

function isExact(pattern: string): boolean {
  return !pattern.endsWith('*') && !lateKinds.has(kindOf(pattern));
}
