import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { DefinitionRecord } from '../../port/run-record.ts';

/** A catalogue of given agents. Of several with one name the first counts. */
export function makeAgentCatalogue(records: readonly DefinitionRecord[]): AgentCatalogue {
  const byName = new Map(records.toReversed().map((record) => [record.definition.name, record]));
  const sorted = [...byName.keys()].toSorted().flatMap((name) => byName.get(name) ?? []);
  return { find: (name) => byName.get(name), list: () => [...sorted] };
}
