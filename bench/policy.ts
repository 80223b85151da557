/**
 * What judging a call costs: `node bench/policy.ts`. Rules are made ready once for an agent under one policy of a tenant; judging happens for
 * each call. The figures are kept in bench/README.md by hand.
 */
import type { PolicyRule } from '@batuta/contract';
import { compilePolicy, judgeCall, type CompiledPolicy } from '@batuta/platform/composition';
import type { Tool } from '@batuta/platform/ports';

const tool: Tool = {
  kind: 'execute',
  name: 'refund',
  reference: 'refund',
  description: 'Refunds.',
  inputSchema: { type: 'object' },
  annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  timeoutMs: 1_000,
  parse: (value) => ({ ok: true, value }),
  execute: async () => 'done',
};

const facts = {
  tool,
  input: { order: { cents: 500, currency: 'EUR' }, url: 'https://pay.example.com/refunds', note: 'Late.' },
  role: 'member' as const,
  now: Date.parse('2026-11-21T10:00:00Z'),
  taint: ['untrusted' as const, 'private' as const],
  typedAddresses: ['https://a.example/'],
  resolved: { paths: new Map(), hosts: new Map(), hostsLater: false },
};

const conditional: PolicyRule[] = [
  { deny: 'refund', arguments: { '/order/cents': { at_least: 10_000 } } },
  { ask: 'refund', roles: ['viewer'] },
  { deny: 'refund', arguments: { url: { hosts: ['evil.example'] } } },
  { allow: 'refund', arguments: { '/order/currency': { one_of: ['EUR', 'USD'] } } },
];
const timed: PolicyRule[] = [{ deny: 'refund', time: { days: ['sun'], zone: 'Europe/Madrid' } }];
const others: PolicyRule[] = Array.from({ length: 1_000 }, (_, index) => ({ deny: `tool_${index}` }));

function compile(rules: readonly PolicyRule[]): CompiledPolicy {
  return compilePolicy({
    rules: rules.map((rule, index) => ({
      rule,
      source: 'project',
      file: 'policies/bench.yaml',
      line: index + 1,
    })),
    taint: 'ask',
  });
}

/** The median of several rounds, in microseconds. */
function measure(work: () => unknown, times: number): number {
  const rounds: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const began = performance.now();
    for (let index = 0; index < times; index += 1) work();
    rounds.push(((performance.now() - began) * 1_000) / times);
  }
  return rounds.toSorted((left, right) => left - right)[7] ?? 0;
}

function report(name: string, rules: readonly PolicyRule[]): void {
  const policy = compile(rules);
  const judged = measure(() => judgeCall(policy, facts), 50_000);
  const compiled = measure(() => compile(rules).of(tool), 20);
  console.log(`| ${name} | ${judged.toFixed(2)} | ${compiled.toFixed(0)} |`);
}

console.log('| rules | judging a call, us | making ready, us |\n|---|---|---|');
report('none', []);
report('4 with conditions about the tool', conditional);
report('the same, 1,000 others about other tools', [...conditional, ...others]);
report('one with a time window', timed);
