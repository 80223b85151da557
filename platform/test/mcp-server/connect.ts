import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ClientCapabilities,
} from '@modelcontextprotocol/client';

/** The two eras of the protocol. */
export const eras = ['2025-11-25', '2026-07-28'] as const;
export type Era = (typeof eras)[number];

/** A client that others wrote, connected to a platform's endpoint in one era. */
export async function connectClient(
  url: string,
  key: string,
  ...[era, capabilities = { elicitation: { form: {} } }]: [era: Era, capabilities?: ClientCapabilities]
): Promise<Client> {
  const isModern = era === '2026-07-28';
  const client = new Client(
    { name: 'foreign', version: '1.0.0' },
    {
      capabilities,
      versionNegotiation: { mode: isModern ? { pin: era } : 'legacy' },
    },
  );
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }));
  return client;
}

/** What the client's model reads of an answer. */
export function textOf({ content }: Pick<CallToolResult, 'content'>): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}
