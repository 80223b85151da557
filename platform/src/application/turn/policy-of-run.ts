import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';

/** The rules in force for a run at this moment: those of its own definition, and of its project and tenant as they are now. */
export function policyOfRun(
  { policies }: Pick<EngineContext, 'policies'>,
  { lease, record, definition }: Pick<HeldRun, 'lease' | 'record' | 'definition'>,
): Promise<CompiledPolicy> {
  return policies.inForce(lease.tenantId, { hash: record.definitionHash, definition });
}
