import type { JsonValue, PolicyEffect, Role, TaintLabel } from '@batuta/contract';
import type { ResolvedPath } from '../../port/argument-resolver.ts';
import type { HostAddress, Tool } from '../../port/tool.ts';

/** What is known of one call when the rules judge it. */
export interface CallFacts {
  tool: Tool;
  input: JsonValue;
  /** Role of whoever asked for the run; null when nobody knows. */
  role: Role | null;
  /** Milliseconds since the epoch. */
  now: number;
  /** Labels of the context that the call was composed in. */
  taint: readonly TaintLabel[];
  /** Addresses that the person has written in this session, as `canonicalAddress` gives them. */
  typedAddresses: readonly string[];
  /** What paths and hosts of the arguments really are, where rules depend on it. */
  resolved: ResolvedArguments;
  /** Where the call is about to connect to, instead of what its arguments say. */
  hop?: { url: URL; addresses: readonly HostAddress[] | undefined };
}

/** What arguments stand for. What is not in a map was not asked for; null: it could not be found out. */
export interface ResolvedArguments {
  /** Real paths by `pathKey`. */
  paths: ReadonlyMap<string, ResolvedPath | null>;
  /** Addresses by host name. */
  hosts: ReadonlyMap<string, readonly HostAddress[] | null>;
  /** Names may not be looked up yet, because a name can carry data away: the call is judged by its addresses after an approval. */
  hostsLater: boolean;
}

/** Nothing needed to be resolved. */
export const nothingResolved: ResolvedArguments = {
  paths: new Map(),
  hosts: new Map(),
  hostsLater: false,
};

/** Whether something holds; `unclear` binds where rules restrict and does not count where they allow. */
export type Certainty = 'yes' | 'no' | 'unclear';

/** Where a rule comes from. */
export type RuleSource = 'tenant' | 'project' | 'team' | 'agent' | 'skill' | 'default' | 'taint';

/** A rule by its place. */
export interface RuleReference {
  source: RuleSource;
  /** Short, as a person would say it: `deny: shell`. */
  name: string;
  file: string | null;
  line: number | null;
}

/** What the rules say about one call. */
export interface Verdict {
  effect: PolicyEffect;
  /** The rule that decided. */
  rule: RuleReference;
  /** Why, in words for a model or a person. */
  reason: string;
  /** The least role that may approve; null: anybody who may decide. */
  approver: Role | null;
}
