import type { PermissionRule } from '@batuta/contract';
import type { Tool } from '../../port/tool.ts';
import { matchesReference } from '../tool/tool-reference.ts';

/** What the rules say about a tool; `rule` is the one that decided, as it stands in the agent file. */
export type Verdict = { effect: 'allow' } | { effect: 'ask' | 'deny'; rule: string };

/**
 * What an agent's rules say about a tool. Pure. The most restrictive rule that matches wins, in whatever order they stand:
 * deny before ask before allow. A tool that no rule matches is allowed, because the agent's file names it.
 */
export function judgeTool(rules: readonly PermissionRule[], tool: Tool): Verdict {
  const reference = referenceOf(tool);
  return find(rules, 'deny', reference) ?? find(rules, 'ask', reference) ?? { effect: 'allow' };
}

function find(
  rules: readonly PermissionRule[],
  effect: 'ask' | 'deny',
  reference: string,
): Verdict | undefined {
  for (const rule of rules) {
    const pattern = patternOf(rule, effect);
    if (pattern !== undefined && matchesReference(pattern, reference)) {
      return { effect, rule: `${effect}: ${pattern}` };
    }
  }
  return undefined;
}

function patternOf(rule: PermissionRule, effect: 'ask' | 'deny'): string | undefined {
  if (effect === 'deny') return 'deny' in rule ? rule.deny : undefined;
  return 'ask' in rule ? rule.ask : undefined;
}

/** A tool as agent files name it: models see `agent_writer` where a file says `agent:writer`. */
function referenceOf(tool: Tool): string {
  return tool.kind === 'delegate' ? `agent:${tool.agent ?? ''}` : tool.name;
}
