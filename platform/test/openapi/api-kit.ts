import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonObject, JsonValue } from '@batuta/contract';
import { MemoryRateLimiter } from '../../src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import type { ApiLimits, ApiSettings } from '../../src/adapter/openapi/api-settings.ts';
import { makeOpenapiSources, type OpenapiParts } from '../../src/adapter/openapi/openapi-source.ts';
import { nameOfSourceTool } from '../../src/domain/tool/tool-name.ts';
import type { Log, LogFields } from '../../src/port/log.ts';
import type { ToolSource } from '../../src/port/tool-source.ts';
import type { ExecutableTool, ToolContext, ToolOutput } from '../../src/port/tool.ts';
import { toolContext } from '../tool/tool-context.ts';

/** A request as it arrived. */
export interface Arrived {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a server of a test answers. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer | JsonValue;
}

/** A server that notes what arrives. */
export interface ApiServer {
  host: string;
  url: string;
  arrived: Arrived[];
  close(): Promise<void>;
}

/** Starts a server; an answer that is no text is JSON; `null` cuts the connection. */
export async function startApi(
  answer: (request: Arrived) => Reply | null = () => ({ body: {} }),
): Promise<ApiServer> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    void receive(request).then((whole) => {
      arrived.push(whole);
      reply(response, answer(whole));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { host, url: `http://${host}`, arrived, close };
}

async function receive(request: IncomingMessage): Promise<Arrived> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url: target = '', headers } = request;
  return { method, target, headers, body: Buffer.concat(chunks) };
}

function reply(response: ServerResponse, told: Reply | null): void {
  if (told === null) return void response.destroy();
  const { status = 200, headers = {}, body = '' } = told;
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const type = isText ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers }).end(isText ? body : JSON.stringify(body));
}

/** Log lines as they were written. */
export function recordingLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const note = (message: string, fields: LogFields = {}) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, debug: note, info: note, warn: note, error: note };
}

/** An API of a test by what differs from the defaults. */
export function apiSettings(change: Partial<ApiSettings>): ApiSettings {
  return {
    name: 'api',
    document: 'api.json',
    server: null,
    variables: {},
    auth: {},
    headers: {},
    operations: {},
    stated: {},
    idempotencyHeader: null,
    callsPerMinute: null,
    cache: true,
    timeoutMs: 5_000,
    refreshMs: 0,
    ...change,
  };
}

/** The sources of a test, and what ends them. */
export interface OpenSources {
  sources: ToolSource[];
  folder: string;
  log: Log & { lines: string[] };
  close(): Promise<void>;
}

/** Opens APIs whose documents stand in files of a project folder. */
export async function openSources(
  files: Record<string, string | JsonObject>,
  apis: readonly Partial<ApiSettings>[],
  change: Partial<Omit<OpenapiParts, 'limits'>> & { limits?: Partial<ApiLimits> } = {},
): Promise<OpenSources> {
  const folder = await mkdtemp(path.join(tmpdir(), 'batuta-openapi-'));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const log = recordingLog();
  const limits = {
    allowPrivate: ['127.0.0.1'],
    maxBytes: 1_000_000,
    documentMaxBytes: 50_000_000,
    cacheBytes: 1_000_000,
  };
  const sources = makeOpenapiSources(apis.map(apiSettings), {
    projectFolder: folder,
    clock: systemClock,
    log,
    limiter: new MemoryRateLimiter(systemClock),
    nameOf: nameOfSourceTool,
    ...change,
    limits: { ...limits, ...change.limits },
  });
  const close = async () => {
    await Promise.all(sources.map((source) => source.close()));
    await rm(folder, { recursive: true });
  };
  return { sources, folder, log, close };
}

/** A ready API and its tools. */
export interface OpenApi extends OpenSources {
  source: ToolSource;
  tool(id: string): ExecutableTool;
  call(id: string, input: JsonObject, change?: Partial<ToolContext>): Promise<ToolOutput>;
}

/** Opens one API and waits until its document was read. */
export async function openApi(
  document: string | JsonObject,
  settings: Partial<ApiSettings> = {},
  change: Parameters<typeof openSources>[2] = {},
): Promise<OpenApi> {
  const opened = await openSources({ 'api.json': document }, [settings], change);
  const [source] = opened.sources;
  if (!source) throw new Error('no source was made');
  await source.settled;
  const tool = (id: string): ExecutableTool => {
    const found = source.tools().find(({ reference }) => reference.endsWith(`/${id}`));
    if (!found) throw new Error(`no tool ${id}: ${source.status().problems.map(String).join('; ')}`);
    return found;
  };
  return {
    ...opened,
    source,
    tool,
    call: async (id, input, context) => {
      const output = await tool(id).execute(input, toolContext(context));
      return typeof output === 'string' ? { text: output } : output;
    },
  };
}

/** A document with one operation, `call`. */
export function documentOf(
  operation: JsonObject,
  { method = 'get', route = '/things', ...rest }: { method?: string; route?: string } & JsonObject = {},
): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: {
      [route]: {
        [method]: { operationId: 'call', responses: { 200: { description: 'It worked.' } }, ...operation },
      },
    },
    ...rest,
  };
}
