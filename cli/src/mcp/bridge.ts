import type { Readable, Writable } from 'node:stream';
import { Client, StreamableHTTPClientTransport, type RequestOptions } from '@modelcontextprotocol/client';
import { Server, type ServerContext } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';

/** The platform that is spoken to, and the pipes of the client. */
export interface BridgeParts {
  url: string;
  key: string;
  input: Readable;
  output: Writable;
  /** Told what went wrong besides the answers. */
  warn(message: string): void;
}

/** A little more than the longest wait that a tool of the platform takes. */
const longestCallMs = 330_000;

/** What is passed on: everything that a client of the platform can ask. */
const methods = [
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
] as const;

/**
 * The MCP server of a platform, over standard input and output: each request is passed on to its HTTP endpoint as it is, so that both are
 * the same server, with the rights of the key. Progress and cancellations are passed on, too, and questions to the client's person come
 * back as the results that they are. Ends when the client closes its side.
 */
export async function serveBridge(parts: BridgeParts): Promise<void> {
  const platform = await connectTo(parts);
  const closed = new Promise<void>((resolve) => {
    parts.input.once('end', resolve).once('close', resolve).once('error', resolve);
  });
  const handle = serveStdio(() => makeServer(platform), {
    transport: new StdioServerTransport(parts.input, parts.output),
    onerror: (error) => parts.warn(error.message),
  });
  await closed;
  await handle.close();
  await platform.close();
}

/** Whoever is at the other end says what it can ask of its person; towards the platform it is taken for able, and refused here if it is not. */
async function connectTo({ url, key }: BridgeParts): Promise<Client> {
  const client = new Client(
    { name: 'batuta-stdio', version: '1' },
    {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
      inputRequired: { autoFulfill: false },
    },
  );
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }));
  return client;
}

function makeServer(platform: Client): Server {
  const { version = '0' } = platform.getServerVersion() ?? {};
  const instructions = platform.getInstructions();
  const server = new Server(
    { name: 'batuta', title: 'Batuta', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      ...(instructions !== undefined && { instructions }),
    },
  );
  for (const method of methods) {
    server.setRequestHandler(method, ({ params = {} }: { params?: object | undefined }, context) =>
      platform.request({ method, params: withAnswers(params, context) }, optionsOf(context)),
    );
  }
  return server;
}

/** What the client's person answered belongs to the request again. */
function withAnswers(params: object, { mcpReq }: ServerContext): Record<string, unknown> {
  const { inputResponses } = mcpReq;
  return { ...params, ...(inputResponses !== undefined && { inputResponses }) };
}

function optionsOf({ mcpReq }: ServerContext): RequestOptions {
  const progressToken = mcpReq['_meta']?.progressToken;
  const options = { signal: mcpReq.signal, timeout: longestCallMs, allowInputRequired: true };
  if (progressToken === undefined) return options;
  const onprogress: RequestOptions['onprogress'] = (step) => {
    const params = { ...step, progressToken };
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
  return { ...options, onprogress };
}
