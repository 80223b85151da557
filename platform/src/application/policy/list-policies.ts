import { BatutaError, type PolicyPage, type PolicyQuery } from '@batuta/contract';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import { defaultRules, leavingRule } from '../../domain/policy/built-in-rules.ts';
import { headOf, type PlacedRule } from '../../domain/policy/compile-rule.ts';
import { isForAgent, strictestMode, type ProjectPolicySet } from '../../domain/policy/project-policies.ts';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import { pageOf, readPageCursor } from '../page.ts';
import type { PolicyBook } from './policy-book.ts';

type Entry = PolicyPage['items'][number];

/** All rules in force in a tenant, or for one of its agents, and where they stand. Errors: `agent-unknown`, `cursor-invalid`. */
export async function listPolicies(
  { agents, policies }: { agents: AgentCatalogue; policies: Pick<PolicyBook, 'sets'> },
  tenantId: string,
  query: PolicyQuery,
): Promise<PolicyPage> {
  const { agent, cursor, limit } = query;
  if (agent !== undefined) requireAgent(agents, agent);
  const all = await policies.sets(tenantId, agents.list());
  const sets = all.filter((set) => agent === undefined || isForAgent(set.agents, agent));
  const after = readPageCursor(cursor);
  const rest = entriesOf(sets)
    .map((entry, index) => ({ entry, key: `r${String(index).padStart(6, '0')}` }))
    .filter(({ key }) => after === undefined || key > after);
  const page = pageOf(rest.slice(0, limit + 1), limit, {
    render: ({ entry }) => entry,
    key: ({ key }) => key,
  });
  return { ...page, taint: strictestMode(sets) };
}

function requireAgent(agents: AgentCatalogue, name: string): void {
  if (agents.find(name)) return;
  const names = agents.list().map(({ definition }) => definition.name);
  throw new BatutaError('agent-unknown', { agent: name, hint: hintFor(name, names) });
}

function entriesOf(sets: readonly ProjectPolicySet[]): Entry[] {
  const builtIn = [...Object.values(defaultRules), { effect: strictestMode(sets), rule: leavingRule }];
  return [
    ...sets.flatMap((set) => set.rules.map((placed) => entryOf(placed, set.agents))),
    ...builtIn.map(({ effect, rule }) => ({ ...rule, effect, agents: null, rule: null })),
  ];
}

function entryOf({ rule, source, file, line }: PlacedRule, agents: readonly string[] | undefined): Entry {
  const { effect, pattern } = headOf(rule);
  return {
    source,
    name: `${effect}: ${pattern}`,
    file,
    line,
    effect,
    agents: agents ? [...agents] : null,
    rule,
  };
}
