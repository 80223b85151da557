import type { AgentSkill, PolicySet, TaintMode } from '@batuta/contract';
import type { DefinitionRecord } from '../../port/run-record.ts';
import type { PolicyInput, PreApproval } from './compile-policy.ts';
import type { PlacedRule } from './compile-rule.ts';
import { matchesWildcard } from './match-glob.ts';

/** Rules that belong together, of one file of `policies/` or of one team. */
export interface ProjectPolicySet {
  /** Names or patterns of the agents that they are about; undefined: all. */
  agents: readonly string[] | undefined;
  taint: TaintMode | undefined;
  rules: readonly PlacedRule[];
}

/** All rules of a project folder but those inside agent definitions, and where those stand. */
export interface ProjectPolicies {
  sets: readonly ProjectPolicySet[];
  /** File and lines of the `permissions` of an agent, by the hash of its definition. */
  placesOfAgents: ReadonlyMap<string, { file: string; lines: readonly number[] }>;
}

/** A project without rules of its own. */
export const noProjectPolicies: ProjectPolicies = { sets: [], placesOfAgents: new Map() };

/** What rules in force are put together from. */
interface Sources {
  project: ProjectPolicies;
  /** The `policy` of the tenant's settings. */
  tenant: PolicySet | undefined;
}

/** All sets of rules that may concern these agents, in the order in which rules are named where several decide alike. */
export function policySets(
  { project, tenant }: Sources,
  agents: readonly DefinitionRecord[],
): ProjectPolicySet[] {
  return [
    ...(tenant ? [ofTenant(tenant)] : []),
    ...project.sets,
    ...agents.map((agent) => ofAgent(agent, project)),
  ];
}

/** The rules in force for one agent. */
export function rulesInForce(sources: Sources, agent: DefinitionRecord): PolicyInput {
  const sets = policySets(sources, [agent]).filter((set) => isForAgent(set.agents, agent.definition.name));
  return {
    rules: sets.flatMap(({ rules }) => rules),
    taint: strictestMode(sets),
    preApprovals: (agent.definition.skill_entries ?? []).flatMap(preApprovalsOf),
  };
}

/** The rules in force for whatever agent there may be. */
export function rulesForAll(sources: Sources): PolicyInput {
  const sets = policySets(sources, []).filter(({ agents }) => agents === undefined);
  return { rules: sets.flatMap(({ rules }) => rules), taint: strictestMode(sets) };
}

function preApprovalsOf({ name, file, allowed_tools }: AgentSkill): PreApproval[] {
  const reference = { source: 'skill' as const, name: `allow: tools of ${name}`, file, line: null };
  return allowed_tools.map((pattern) => ({ pattern, reference }));
}

/** Whether rules are about an agent; without a list they are about all. */
export function isForAgent(agents: readonly string[] | undefined, name: string): boolean {
  return agents === undefined || agents.some((pattern) => matchesWildcard(pattern, name));
}

/** The strictest of several wishes; `ask` where nobody says anything. */
export function strictestMode(sets: readonly Pick<ProjectPolicySet, 'taint'>[]): TaintMode {
  return sets.some(({ taint }) => taint === 'deny') ? 'deny' : 'ask';
}

function ofTenant({ agents, taint, rules }: PolicySet): ProjectPolicySet {
  const placed = rules.map((rule) => ({ rule, source: 'tenant', file: null, line: null }) as const);
  return { agents, taint, rules: placed };
}

/** A run may have begun with a definition that its file does not hold any more: then its lines are not known. */
function ofAgent({ hash, definition }: DefinitionRecord, project: ProjectPolicies): ProjectPolicySet {
  const place = project.placesOfAgents.get(hash);
  const rules = definition.permissions.map((rule, index) => ({
    rule,
    source: 'agent' as const,
    file: place?.file ?? null,
    line: place?.lines[index] ?? null,
  }));
  return { agents: [definition.name], taint: undefined, rules };
}
