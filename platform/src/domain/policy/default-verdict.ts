import type { Tool } from '../../port/tool.ts';
import { defaultRules } from './built-in-rules.ts';
import type { CallFacts, Verdict } from './call-facts.ts';

/** Characters of arguments with which a tool that only reads may reach outside unasked: addresses and questions, not documents. */
const longestOpenWorldRead = 4_000;

/** What holds for a call that no rule is about. */
export function defaultVerdict({ tool, input }: Pick<CallFacts, 'tool' | 'input'>): Verdict {
  if (tool.kind !== 'execute') {
    return verdict('controls', 'it only makes the run wait or delegates to an agent of the list');
  }
  if (tool.undeclared) {
    const reason = `nobody has said what ${tool.name} does (its annotations are missing) and no rule is about it`;
    return verdict('unknown', reason);
  }
  return tool.annotations.readOnly ? aboutReading(tool, input) : aboutEffect(tool);
}

function aboutReading({ name, annotations }: Tool, input: CallFacts['input']): Verdict {
  if (!annotations.openWorld) return verdict('reads', `${name} only reads`);
  if (lengthOf(input) <= longestOpenWorldRead) {
    return verdict('openReads', `${name} only reads, and is given little`);
  }
  const much = `more than ${longestOpenWorldRead} characters`;
  return verdict('longOpenReads', `${name} reads outside of the platform and would be given ${much}`);
}

function aboutEffect({ name, annotations }: Tool): Verdict {
  if (annotations.confined && !annotations.openWorld) {
    return verdict('confined', `${name} changes nothing but the workspace of this session`);
  }
  return annotations.destructive
    ? verdict('destructive', `${name} may destroy something and no rule allows it`)
    : verdict('effects', `${name} changes something and no rule allows it`);
}

function verdict(rule: keyof typeof defaultRules, reason: string): Verdict {
  return { ...defaultRules[rule], reason, approver: null };
}

function lengthOf(value: CallFacts['input']): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + lengthOf(each), 0);
}
