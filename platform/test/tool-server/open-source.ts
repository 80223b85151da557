import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ToolAnnotations } from '../../src/port/tool.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { connectServer } from '../../src/adapter/mcp-client/connect-server.ts';
import { McpSource } from '../../src/adapter/mcp-client/mcp-source.ts';
import type {
  HttpPlace,
  ServerLimits,
  StdioPlace,
  ToolServerOptions,
} from '../../src/adapter/mcp-client/server-options.ts';
import { nameOfSourceTool } from '../../src/domain/tool/tool-name.ts';
import type { ConsentService } from '../../src/port/consent-service.ts';
import type { ExecutableTool, ToolContext, ToolOutput } from '../../src/port/tool.ts';
import { toolContext } from '../tool/tool-context.ts';
import { KeptLog } from './kept-log.ts';

const opened: McpSource[] = [];

/** For `afterEach`. */
export async function closeSources(): Promise<void> {
  await Promise.all(opened.splice(0).map((source) => source.close()));
}

export interface OpenSource extends Partial<Omit<ToolServerOptions, 'limits' | 'place'>> {
  limits?: Partial<ServerLimits>;
  secrets?: Readonly<Record<string, string>>;
  log?: KeptLog;
  consents?: ConsentService;
  facts?: Readonly<Record<string, Partial<ToolAnnotations>>>;
}

/** Connects to a server and waits until its tools are known, or cannot be. */
export async function openSource(
  place: StdioPlace | HttpPlace,
  { secrets = {}, consents, log = new KeptLog(), limits, facts = {}, ...change }: OpenSource = {},
): Promise<McpSource> {
  const server: ToolServerOptions = {
    name: 'tickets',
    place,
    shared: false,
    untrusted: false,
    privateData: false,
    overrides: Object.entries(facts).map(([pattern, each]) => ({
      pattern,
      facts: each,
      timeoutMs: undefined,
    })),
    timeoutMs: 10_000,
    refreshMs: 60_000,
    ...change,
    limits: {
      startMs: 10_000,
      tools: 100,
      messageBytes: 1_000_000,
      connections: 4,
      idleMs: 60_000,
      ...limits,
    },
  };
  const source = new McpSource({
    server,
    clock: systemClock,
    log,
    random: () => 0,
    nameOf: nameOfSourceTool,
    ...(consents ? { consents } : {}),
    home: () => Promise.resolve({ tenantId: 'main', userId: null }),
    connect: (caller, how) =>
      connectServer({
        server,
        caller,
        consents,
        version: '0.0.0',
        log,
        now: () => systemClock.now(),
        ...how,
        readSecret: (name) => Promise.resolve(secrets[`${caller.tenantId}/${name}`] ?? secrets[name] ?? ''),
      }),
  });
  opened.push(source);
  await source.settled;
  return source;
}

/** Servers that others wrote, installed from npm. */
const installedServers = {
  everything: import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
  filesystem: import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
  memory: import.meta.resolve('@modelcontextprotocol/server-memory/dist/index.js'),
};

export function installed(name: keyof typeof installedServers, ...args: string[]): StdioPlace {
  return node(fileURLToPath(installedServers[name]), ...args);
}

/** A script of these tests. */
export function own(name: string, ...args: string[]): StdioPlace {
  return node(path.join(import.meta.dirname, name), ...args);
}

function node(script: string, ...args: string[]): StdioPlace {
  return {
    kind: 'stdio',
    command: process.execPath,
    args: [script, ...args],
    env: {},
    cwd: import.meta.dirname,
  };
}

export function toolOf(source: McpSource, name: string): ExecutableTool {
  const tool = source.tools().find(({ reference }) => reference === `${source.name}/${name}`);
  if (!tool)
    throw new RangeError(
      `no ${name} in ${source
        .tools()
        .map(({ reference }) => reference)
        .join(', ')}`,
    );
  return tool;
}

type Context = Partial<ToolContext>;

type Input = Parameters<ExecutableTool['execute']>[0];

export async function call(source: McpSource, name: string, input: Input = {}): Promise<ToolOutput> {
  return await callIn({}, source)(name, input);
}

/** Calls in a context of its own. */
export function callIn(context: Context, source: McpSource) {
  return async (name: string, input: Input = {}): Promise<ToolOutput> => {
    const output = await toolOf(source, name).execute(input, { ...toolContext(), ...context });
    return typeof output === 'string' ? { text: output } : output;
  };
}
