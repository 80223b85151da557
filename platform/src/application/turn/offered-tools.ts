import { knownTools } from '../../domain/tool/toolset.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import type { Tool } from '../../port/tool.ts';
import type { HeldRun } from './held-run.ts';

/** The tools that a model is told of: what the rules deny whatever its arguments would only waste a turn. */
export function offeredTools(held: Pick<HeldRun, 'tools' | 'journal'>, policy: CompiledPolicy): Tool[] {
  return toolsInSight(held).filter((tool) => !policy.of(tool).isNeverAllowed);
}

/** The tools that the run's models may know of, whatever the rules say: the same array until tools change or are found. */
export function toolsInSight({ tools, journal }: Pick<HeldRun, 'tools' | 'journal'>): readonly Tool[] {
  return knownTools(tools, journal.state.foundTools);
}
