import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { Clock } from '../../port/clock.ts';
import type { ToolCatalogue } from '../../port/tool.ts';
import type { PolicyBook } from '../policy/policy-book.ts';

/** What telling of tools needs. */
export interface ToolListContext {
  agents: AgentCatalogue;
  tools: ToolCatalogue;
  policies: Pick<PolicyBook, 'inForce' | 'forAll'>;
  clock: Pick<Clock, 'now'>;
  /** The tenant in whose name sources are asked for their tools. */
  platformTenant: string;
}
