import { labelsOf } from '../../domain/policy/context-taint.ts';
import { nothingResolved, type CallFacts, type Verdict } from '../../domain/policy/call-facts.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import { judgeCall, mustNotLookUp } from '../../domain/policy/judge-call.ts';
import { resolveArguments } from '../../domain/policy/resolve-arguments.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import type { PreparedCall } from './prepare-calls.ts';

/** What the rules say about a call that could be executed now. Waits only where rules ask for real paths or addresses. */
export function judgePrepared(
  context: Pick<EngineContext, 'clock' | 'resolver'>,
  held: HeldRun,
  { policy, prepared }: { policy: CompiledPolicy; prepared: PreparedCall },
): Verdict | Promise<Verdict> {
  const facts = factsOf(context, held, prepared);
  const hostsLater = prepared.call.approved === null && mustNotLookUp(policy, facts);
  const resolving = resolveArguments(policy, { ...prepared, hostsLater }, context.resolver);
  const judge = (resolved: CallFacts['resolved']) => judgeCall(policy, { ...facts, resolved }).verdict;
  return resolving ? resolving.then(judge) : judge(nothingResolved);
}

/** What is known of a call of a run. */
export function factsOf(
  { clock }: Pick<EngineContext, 'clock'>,
  { journal, record }: HeldRun,
  { tool, input }: Pick<PreparedCall, 'tool' | 'input'>,
): CallFacts {
  const { taint, typedAddresses } = journal.state;
  return {
    tool,
    input,
    role: record.requestedBy.role,
    now: clock.now(),
    taint: labelsOf(taint),
    typedAddresses,
    resolved: nothingResolved,
  };
}
