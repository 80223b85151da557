import { coversRole, matchesPattern, type JsonValue, type Role, type SessionGrant } from '@batuta/contract';

/** A call that the rules ask about. */
export interface AskedCall {
  tool: string;
  input: JsonValue;
  policyVersion: string;
  neededRole: Role;
  /** What the run has taken in by now. */
  labels: readonly string[];
}

/**
 * What was approved for the session and covers this call. Pure. It covers nothing that its giver did not see or could not have
 * approved: other rules, a higher role, or a taint that was not there then need a question of their own.
 */
export function findGrant(grants: readonly SessionGrant[], call: AskedCall): SessionGrant | undefined {
  return grants.find(
    (grant) =>
      grant.tool === call.tool &&
      grant.policy_version === call.policyVersion &&
      coversRole(grant.needed_role, call.neededRole) &&
      call.labels.every((label) => grant.labels.includes(label)) &&
      matchesPattern(grant.pattern, call.input),
  );
}
