import type { PolicyEffect } from '@batuta/contract';
import type { Tool } from '../../port/tool.ts';
import type { CallFacts, RuleReference } from './call-facts.ts';

/** Characters of arguments with which a tool that only reads may reach outside unasked: addresses and questions, not documents. */
const longestOpenWorldRead = 4_000;

interface DefaultVerdict {
  effect: PolicyEffect;
  rule: RuleReference;
  reason: string;
}

/** What holds for a call that no rule is about. */
export function defaultVerdict({ tool, input }: Pick<CallFacts, 'tool' | 'input'>): DefaultVerdict {
  if (tool.kind !== 'execute')
    return verdict(
      'allow',
      'control tools',
      'it only makes the run wait or delegates to an agent of the list',
    );
  if (tool.undeclared) {
    return verdict(
      'deny',
      'unknown tools',
      `nobody has said what ${tool.name} does (its annotations are missing) and no rule is about it`,
    );
  }
  return tool.annotations.readOnly ? aboutReading(tool, input) : aboutEffect(tool);
}

function aboutReading(tool: Tool, input: CallFacts['input']): DefaultVerdict {
  if (!tool.annotations.openWorld) return verdict('allow', 'read-only tools', `${tool.name} only reads`);
  if (lengthOf(input) <= longestOpenWorldRead) {
    return verdict('allow', 'open-world reads', `${tool.name} only reads, and is given little`);
  }
  const reason = `${tool.name} reads outside of the platform and would be given more than ${longestOpenWorldRead} characters`;
  return verdict('ask', 'long open-world reads', reason);
}

function aboutEffect({ name, annotations }: Tool): DefaultVerdict {
  return annotations.destructive
    ? verdict('ask', 'destructive effects', `${name} may destroy something and no rule allows it`)
    : verdict('ask', 'effects', `${name} changes something and no rule allows it`);
}

function verdict(effect: PolicyEffect, about: string, reason: string): DefaultVerdict {
  return { effect, reason, rule: { source: 'default', name: `${effect}: ${about}`, file: null, line: null } };
}

function lengthOf(value: CallFacts['input']): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + lengthOf(each), 0);
}
