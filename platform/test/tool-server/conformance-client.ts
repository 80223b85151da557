/**
 * The platform's MCP client as the conformance suite runs it: `node conformance-client.ts <address>`. It lists the tools, calls each of them once,
 * consents where that is asked for, and ends.
 */
import type { JsonObject, JsonValue } from '@batuta/contract';
import { BatutaError } from '@batuta/contract';
import type { FreshDatabase } from '@batuta/testkit/database';
import type { McpSource } from '../../src/adapter/mcp-client/mcp-source.ts';
import type { OauthConsents } from '../../src/adapter/oauth-client/oauth-consents.ts';
import type { ExecutableTool, ToolAnswer } from '../../src/port/tool.ts';
import { toolContext } from '../tool/tool-context.ts';
import { KeptLog } from './kept-log.ts';
import { memoryGrants, plainSealer } from './memory-grants.ts';
import { consent, openConsents } from './open-consents.ts';
import { closeSources, openSource, toolOf } from './open-source.ts';

const url = new URL(process.argv.at(-1) ?? '');
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
interface ScenarioContext {
  client_id?: string;
  client_secret?: string;
  /** What to call; otherwise every tool is called once. */
  toolCalls?: { name: string; arguments: JsonObject }[];
}
const context: ScenarioContext = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}');
const needsConsent = scenario.startsWith('auth/');

const owner = { tenantId: 'main', userId: null };
const parts: { stores: Pick<FreshDatabase, 'grants'>; vault: typeof plainSealer } = {
  stores: { grants: memoryGrants() },
  vault: plainSealer,
};

const { client_id: clientId, client_secret: secret } = context;
const client =
  clientId === undefined
    ? undefined
    : { clientId, clientSecret: secret === undefined ? undefined : async () => secret };
const consents = openConsents(
  { url },
  {
    ...parts,
    trusted: ['localhost', '127.0.0.1'],
    client,
    clientMetadataUrl: 'https://conformance-test.local/client-metadata.json',
  },
);

/** Twice at most: a server that is never content must not be asked for ever. */
async function withConsent<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!BatutaError.has(error, 'authorization-needed') || attempt === 2) throw error;
      await consent(consents, parts, owner);
    }
  }
}

function argumentsFor({ inputSchema }: ExecutableTool): JsonObject {
  const { properties = {} } = inputSchema;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, exampleOf(schema)]));
}

function exampleOf(schema: JsonValue): JsonValue {
  const { type, enum: words } = (schema ?? {}) as { type?: string; enum?: JsonValue[] };
  if (words?.[0] !== undefined) return words[0];
  const examples: Record<string, JsonValue> = { number: 5, integer: 3, boolean: true, array: [], object: {} };
  return examples[type ?? ''] ?? 'text';
}

/** Says yes, and leaves the fields as they are proposed. */
const ask = (): Promise<ToolAnswer> => Promise.resolve({ action: 'accept', content: {} });

async function callAll(source: McpSource): Promise<void> {
  const everything = source.tools().map((tool) => ({ tool, input: argumentsFor(tool) }));
  const wanted = context.toolCalls?.map(({ name, arguments: input }) => ({
    tool: toolOf(source, name),
    input,
  }));
  for (const { tool, input } of wanted ?? everything)
    await withConsent(async () => await tool.execute(input, { ...toolContext(), ask })).catch(tell);
}

function tell(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}

async function open(): Promise<McpSource> {
  const place = { kind: 'http' as const, url, headers: {}, perUser: needsConsent };
  const source = await openSource(place, {
    log: new KeptLog(),
    limits: { startMs: 10_000 },
    ...(needsConsent ? { consents: consents satisfies OauthConsents } : {}),
  });
  const [problem] = source.status().problems;
  if (source.status().state === 'failing' && problem) throw problem;
  return source;
}

try {
  await callAll(await withConsent(open));
} catch (error) {
  tell(error);
  process.exitCode = 1;
} finally {
  await closeSources();
}
