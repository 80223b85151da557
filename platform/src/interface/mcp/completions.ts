import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server';
import type { McpCaller } from './mcp-caller.ts';

/** The protocol's own limit. */
const mostValues = 100;

/** Names of agents and ids of files, where a template has a place for them. Whatever else is asked has no proposals. */
export async function complete(
  { application, identity }: McpCaller,
  { ref, argument }: CompleteRequestParams,
): Promise<CompleteResult> {
  const values = ref.type === 'ref/resource' ? await valuesOf(argument.name) : [];
  const fitting = values.filter((value) => value.startsWith(argument.value));
  const shown = fitting.slice(0, mostValues);
  return { completion: { values: shown, total: fitting.length, hasMore: fitting.length > shown.length } };

  async function valuesOf(variable: string): Promise<string[]> {
    if (variable === 'agent' && identity.scopes.has('agents:read')) {
      return application.agents.list(identity, { limit: 200 }).items.map(({ name }) => name);
    }
    if (variable !== 'artifact_id' || !identity.scopes.has('artifacts:read')) return [];
    return (await application.artifacts.list(identity, { limit: mostValues })).items.map(({ id }) => id);
  }
}
