import path from 'node:path';
import { connectServer } from '../adapter/mcp-client/connect-server.ts';
import type { ConnectHow, McpSource, McpSourceOptions } from '../adapter/mcp-client/mcp-source.ts';
import type { Caller, ToolServerOptions } from '../adapter/mcp-client/server-options.ts';
import { handedOn, mayDownload } from '../adapter/mcp-client/handed-on.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import type { DeclaredServer } from '../domain/configuration/mcp-settings.ts';
import { nameOfSourceTool } from '../domain/tool/tool-name.ts';
import type { ConsentService } from '../port/consent-service.ts';
import { defaultTenant } from './administrator-key.ts';
import { makeConsents, type ConsentParts } from './make-consents.ts';
import { platformVersion } from './platform-version.ts';

const longestDownloadSeconds = 180;

/** What tool servers need of the platform. */
export interface ToolServerParts extends ConsentParts {
  projectFolder: string;
  /** Of the platform itself. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** A tool server, and where its users sign in to it. */
export interface ToolServer {
  source: McpSource;
  consents: ConsentService | undefined;
}

/** Starts to connect to the tool servers of batuta.yaml; nobody waits for them. The client is loaded only where there are any: it is large. */
export async function makeToolServers(parts: ToolServerParts): Promise<ToolServer[]> {
  const servers = Object.entries(parts.configuration.mcp.servers);
  if (servers.length === 0) return [];
  const { McpSource } = await import('../adapter/mcp-client/mcp-source.ts');
  return servers.map(([name, declared]) => {
    const server = serverOptions(name, declared, parts);
    const { place } = server;
    const consents = place.kind === 'http' ? makeConsents({ name, place, declared }, parts) : undefined;
    return { source: new McpSource(sourceOptions(server, consents, parts)), consents };
  });
}

function sourceOptions(
  server: ToolServerOptions,
  consents: ConsentService | undefined,
  { secrets, log, grants }: ToolServerParts,
): McpSourceOptions {
  const nobody = { tenantId: defaultTenant, userId: null };
  const connect = (caller: Caller, how: ConnectHow) =>
    connectServer({
      server,
      caller,
      consents,
      log,
      ...how,
      version: platformVersion,
      now: () => systemClock.now(),
      readSecret: async (name) => await secrets.value(server.shared ? defaultTenant : caller.tenantId, name),
    });
  return {
    server,
    log,
    connect,
    clock: systemClock,
    random: Math.random,
    nameOf: nameOfSourceTool,
    home: async () => (consents && (await grants.any(defaultTenant, consents.service))) ?? nobody,
    ...(consents ? { consents } : {}),
  };
}

function serverOptions(name: string, declared: DeclaredServer, parts: ToolServerParts): ToolServerOptions {
  const { mcp, tool } = parts.configuration;
  const place = placeOf(declared, parts);
  return {
    name,
    place,
    shared: declared.shared ?? false,
    untrusted: declared.untrusted ?? false,
    privateData: declared.private_data ?? false,
    overrides: overridesOf(declared),
    timeoutMs: (declared.timeout_seconds ?? tool.timeoutSeconds) * 1000,
    refreshMs: (declared.refresh_seconds ?? mcp.refreshSeconds) * 1000,
    limits: {
      startMs: startMsOf(place, mcp.startSeconds),
      tools: mcp.maxTools,
      messageBytes: mcp.maxMessageBytes,
      connections: mcp.maxConnections,
      idleMs: mcp.idleSeconds * 1000,
    },
  };
}

/** A first start may take a download. */
function startMsOf(place: ToolServerOptions['place'], seconds: number): number {
  const least = place.kind === 'stdio' && place.mayDownload === true ? longestDownloadSeconds : 0;
  return Math.max(seconds, least) * 1000;
}

function placeOf(
  declared: DeclaredServer,
  { projectFolder, environment }: ToolServerParts,
): ToolServerOptions['place'] {
  const { command, args = [], env = {}, cwd = '.', url, headers = {} } = declared;
  if (url !== undefined)
    return { kind: 'http', url: new URL(url), headers, perUser: declared.oauth !== undefined };
  return {
    kind: 'stdio',
    command: command ?? '',
    args,
    env: { ...handedOn(environment), ...env },
    cwd: path.resolve(projectFolder, cwd),
    mayDownload: mayDownload(command ?? ''),
  };
}

function overridesOf({ tools = {} }: DeclaredServer): ToolServerOptions['overrides'] {
  return Object.entries(tools).map(([pattern, facts]) => ({
    pattern,
    facts: definedOf({
      readOnly: facts.read_only,
      destructive: facts.destructive,
      idempotent: facts.idempotent,
      openWorld: facts.open_world,
      privateData: facts.private_data,
      untrusted: facts.untrusted,
    }),
    timeoutMs: facts.timeout_seconds === undefined ? undefined : facts.timeout_seconds * 1000,
  }));
}

function definedOf(flags: Record<string, boolean | undefined>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
