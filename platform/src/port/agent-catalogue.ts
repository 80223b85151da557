import type { DefinitionRecord } from './run-record.ts';

/** The agents of the project folder. */
export interface AgentCatalogue {
  find(name: string): DefinitionRecord | undefined;
  /** By name. */
  list(): DefinitionRecord[];
}
