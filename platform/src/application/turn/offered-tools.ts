import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import type { Tool } from '../../port/tool.ts';
import type { HeldRun } from './held-run.ts';

/** The tools that a model is told of: what the rules deny whatever its arguments would only waste a turn. */
export function offeredTools({ tools }: Pick<HeldRun, 'tools'>, policy: CompiledPolicy): Tool[] {
  return [...tools.values()].filter((tool) => !policy.of(tool).isNeverAllowed);
}
