import type { AgentDefinition } from '@batuta/contract';

/** Settings of agent files that are read, so that files need not change later, and have no effect yet. */
const unheeded = ['memory'] as const;

/** A sentence for each agent that relies on something that is not there yet. */
export function unheededSettings(agents: readonly AgentDefinition[]): string[] {
  return agents.flatMap((agent) =>
    unheeded
      .filter((name) => agent[name] !== undefined)
      .map((name) => `Agent ${agent.name}: "${name}" has no effect yet.`),
  );
}
