import type { JsonValue, PolicyRule, TaintLabel } from '@batuta/contract';
import { nothingResolved, type CallFacts } from '../../src/domain/policy/call-facts.ts';
import { compilePolicy, type CompiledPolicy } from '../../src/domain/policy/compile-policy.ts';
import { judgeCall, type Judgement } from '../../src/domain/policy/judge-call.ts';
import type { ExecutableTool, ToolAnnotations } from '../../src/port/tool.ts';

/** Tools by what they declare. */
export const kinds = {
  read: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  openRead: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  effect: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  openEffect: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  destructive: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
} as const satisfies Record<string, ToolAnnotations>;

/** A tool that only exists to be judged. */
export function toolOf(
  name: string,
  annotations: ToolAnnotations = kinds.effect,
  change: Partial<ExecutableTool> = {},
): ExecutableTool {
  return {
    kind: 'execute',
    name,
    reference: name,
    description: '',
    inputSchema: { type: 'object' },
    annotations,
    timeoutMs: 1_000,
    parse: (value) => ({ ok: true, value }),
    execute: async () => 'done',
    ...change,
  };
}

/** Rules of an agent, made ready. */
export function policyOf(...rules: PolicyRule[]): CompiledPolicy {
  return compilePolicy({
    rules: rules.map((rule, index) => ({ rule, source: 'agent', file: 'agents/a.md', line: index + 5 })),
    taint: 'ask',
  });
}

/** What is known of a call in a test. */
export function factsOf(input: JsonValue, change: Partial<CallFacts> = {}): CallFacts {
  return {
    tool: toolOf('refund'),
    input,
    role: 'member',
    now: Date.parse('2026-11-21T10:00:00Z'),
    taint: [],
    typedAddresses: [],
    resolved: nothingResolved,
    ...change,
  };
}

/** Both labels. */
export const tainted: readonly TaintLabel[] = ['untrusted', 'private'];

/** Judges a call under some rules of an agent. */
export function judge(
  rules: PolicyRule[],
  input: JsonValue = {},
  change: Partial<CallFacts> = {},
): Judgement {
  return judgeCall(policyOf(...rules), factsOf(input, change));
}

/** What rules of an agent say about a call. */
export function effectOf(
  rules: PolicyRule[],
  input: JsonValue = {},
  change: Partial<CallFacts> = {},
): string {
  return judge(rules, input, change).verdict.effect;
}
