import { BatutaError, type PolicyRule } from '@batuta/contract';
import { unknownTool } from '../../domain/definition/unknown-tool.ts';
import { headOf } from '../../domain/policy/compile-rule.ts';
import { kindOf } from '../../domain/tool/tool-reference.ts';
import type { ToolCatalogue } from '../../port/tool.ts';

/** Sources whose tools may become known later: a rule may be there before they are. */
const lateKinds: ReadonlySet<string> = new Set(['mcp', 'openapi']);

/**
 * A rule for a tool that does not exist protects nothing, and mostly is a slip of the pen. Patterns may find nothing, for they are written
 * for what is to come. Errors: `request-invalid`.
 */
export function checkToolNames(
  tools: Pick<ToolCatalogue, 'resolve' | 'names'>,
  rules: readonly PolicyRule[],
): void {
  const unknown = new Set(tools.resolve(rules.map(patternOf).filter(isExact)).unknown);
  if (unknown.size === 0) return;
  const issues = rules.flatMap((rule, index) => {
    const { effect, pattern } = headOf(rule);
    if (!unknown.has(pattern)) return [];
    const { reason, hint } = unknownTool(pattern, tools.names());
    const message = `${reason}.${hint}`.slice(0, 300);
    return [{ path: `body.settings.policy.rules.${index}.${effect}`.slice(0, 200), message }];
  });
  const [first] = issues;
  throw new BatutaError('request-invalid', { summary: `${first?.path}: ${first?.message}`, issues });
}

function patternOf(rule: PolicyRule): string {
  return headOf(rule).pattern;
}

function isExact(pattern: string): boolean {
  return !pattern.endsWith('*') && !lateKinds.has(kindOf(pattern));
}
