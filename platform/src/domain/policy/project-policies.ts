import type { TaintMode } from '@batuta/contract';
import { matchesWildcard } from './match-glob.ts';
import type { PlacedRule } from './compile-rule.ts';

/** The rules of one file of `policies/`. */
export interface ProjectPolicySet {
  file: string;
  agents: readonly string[] | undefined;
  taint: TaintMode | undefined;
  rules: readonly PlacedRule[];
}

/** All rules of a project folder but those inside agent definitions, and where those stand. */
export interface ProjectPolicies {
  sets: readonly ProjectPolicySet[];
  /** Rules of teams, by the agents that belong to them. */
  ofTeams: ReadonlyMap<string, readonly PlacedRule[]>;
  /** File and lines of the `permissions` of an agent, by the hash of its definition. */
  placesOfAgents: ReadonlyMap<string, { file: string; lines: readonly number[] }>;
}

/** A project without rules of its own. */
export const noProjectPolicies: ProjectPolicies = {
  sets: [],
  ofTeams: new Map(),
  placesOfAgents: new Map(),
};

/** Whether rules are about an agent; without a list they are about all. */
export function isForAgent(agents: readonly string[] | undefined, name: string): boolean {
  return agents === undefined || agents.some((pattern) => matchesWildcard(pattern, name));
}

/** The strictest of several wishes; `ask` where nobody says anything. */
export function strictestMode(modes: readonly (TaintMode | undefined)[]): TaintMode {
  return modes.includes('deny') ? 'deny' : 'ask';
}
