import { artifactIdSchema, BatutaError } from '@batuta/contract';
import {
  ResourceNotFoundError,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';
import type { McpCaller } from './mcp-caller.ts';
import { isText } from './media-type.ts';

const pageSize = 50;
/** Larger files are read in pieces, by a tool. */
const mostBytes = 4 * 1024 * 1024;
const prefixes = { artifact: 'batuta://artifacts/', agent: 'batuta://agents/' };

const artifactTemplate = {
  uriTemplate: `${prefixes.artifact}{artifact_id}`,
  name: 'artifact',
  title: 'File of a run',
  description: 'A file that a run was given or made.',
};
const agentTemplate = {
  uriTemplate: `${prefixes.agent}{agent}`,
  name: 'agent',
  title: 'Agent',
  description: 'The definition of an agent: its models, tools, rules, limits and instructions.',
  mimeType: 'application/json',
};

/** Files of runs, newest first. */
export async function listResources(
  { application, identity }: McpCaller,
  cursor: string | undefined,
): Promise<ListResourcesResult> {
  if (!identity.scopes.has('artifacts:read')) return { resources: [] };
  const { items, next_cursor } = await application.artifacts.list(identity, { cursor, limit: pageSize });
  const resources = items.map(({ id, name, media_type, bytes, created_at, run_id }) => ({
    uri: `${prefixes.artifact}${id}`,
    name,
    description: `A file of the run ${run_id}.`,
    mimeType: media_type,
    size: bytes,
    annotations: { lastModified: created_at },
  }));
  return { resources, ...(next_cursor !== null && { nextCursor: next_cursor }) };
}

/** The forms of addresses that the identity may read. */
export function listTemplates({ identity }: McpCaller): ListResourceTemplatesResult {
  const templates = [
    { scope: 'artifacts:read', template: artifactTemplate },
    { scope: 'agents:read', template: agentTemplate },
  ] as const;
  const allowed = templates.filter(({ scope }) => identity.scopes.has(scope));
  return { resourceTemplates: allowed.map(({ template }) => template) };
}

/** Errors: `permission-missing`, `artifact-too-large`, those of the protocol for what does not exist. */
export async function readResource(caller: McpCaller, uri: string): Promise<ReadResourceResult> {
  const { application, identity } = caller;
  try {
    if (uri.startsWith(prefixes.artifact)) return await readArtifact(caller, uri);
    if (uri.startsWith(prefixes.agent)) {
      requireScope(caller, 'agents:read');
      const { definition } = application.agents.get(identity, uri.slice(prefixes.agent.length));
      const text = JSON.stringify(definition, null, 2);
      return { contents: [{ uri, mimeType: 'application/json', text }] };
    }
  } catch (error) {
    const isGone = BatutaError.has(error, 'artifact-unknown') || BatutaError.has(error, 'agent-unknown');
    if (!isGone) throw error;
  }
  throw new ResourceNotFoundError(uri.slice(0, 256));
}

async function readArtifact(caller: McpCaller, uri: string): Promise<ReadResourceResult> {
  requireScope(caller, 'artifacts:read');
  const { success, data: id } = artifactIdSchema.safeParse(uri.slice(prefixes.artifact.length));
  if (!success) throw new ResourceNotFoundError(uri.slice(0, 256));
  const { mediaType: mimeType, content } = await caller.application.artifacts.read(caller.identity, id);
  const bytes = content.byteLength;
  if (bytes > mostBytes)
    throw new BatutaError('mcp-resource-too-large', { uri, bytes, limit_bytes: mostBytes });
  const whole = Buffer.from(content);
  const shown = isText(mimeType, content) ? { text: whole.toString() } : { blob: whole.toString('base64') };
  return { contents: [{ uri, mimeType, ...shown }] };
}

function requireScope({ identity }: McpCaller, scope: 'agents:read' | 'artifacts:read'): void {
  if (!identity.scopes.has(scope)) throw new BatutaError('permission-missing', { scope });
}
