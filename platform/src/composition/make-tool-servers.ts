import path from 'node:path';
import { connectServer } from '../adapter/mcp-client/connect-server.ts';
import type { McpSource } from '../adapter/mcp-client/mcp-source.ts';
import type { ToolServerOptions } from '../adapter/mcp-client/server-options.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import type { DeclaredServer } from '../domain/configuration/mcp-settings.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import { nameOfSourceTool } from '../domain/tool/tool-name.ts';
import type { Log } from '../port/log.ts';
import type { SecretReader } from '../port/secret-store.ts';
import { defaultTenant } from './administrator-key.ts';
import { platformVersion } from './platform-version.ts';

/** What tool servers need of the platform. */
export interface ToolServerParts {
  configuration: Configuration;
  projectFolder: string;
  secrets: SecretReader;
  log: Log;
}

/** Starts to connect to the tool servers of batuta.yaml; nobody waits for them. The client is loaded only where there are any: it is large. */
export async function makeToolServers(parts: ToolServerParts): Promise<McpSource[]> {
  const servers = Object.entries(parts.configuration.mcp.servers);
  if (servers.length === 0) return [];
  const { McpSource } = await import('../adapter/mcp-client/mcp-source.ts');
  return servers.map(([name, declared]) => {
    const server = serverOptions(name, declared, parts);
    const { secrets, log } = parts;
    return new McpSource({
      server,
      clock: systemClock,
      log,
      random: Math.random,
      nameOf: nameOfSourceTool,
      home: () => Promise.resolve({ tenantId: defaultTenant, userId: null }),
      connect: (caller, onListChanged) =>
        connectServer({
          server,
          version: platformVersion,
          log,
          now: () => systemClock.now(),
          onListChanged,
          readSecret: (secret) => secrets.value(server.shared ? defaultTenant : caller.tenantId, secret),
        }),
    });
  });
}

function serverOptions(
  name: string,
  declared: DeclaredServer,
  { configuration, projectFolder }: ToolServerParts,
): ToolServerOptions {
  const { mcp, tool } = configuration;
  return {
    name,
    place: placeOf(declared, projectFolder),
    shared: declared.shared ?? false,
    untrusted: declared.untrusted ?? false,
    privateData: declared.private_data ?? false,
    overrides: overridesOf(declared),
    timeoutMs: (declared.timeout_seconds ?? tool.timeoutSeconds) * 1000,
    refreshMs: (declared.refresh_seconds ?? mcp.refreshSeconds) * 1000,
    limits: {
      startMs: mcp.startSeconds * 1000,
      tools: mcp.maxTools,
      messageBytes: mcp.maxMessageBytes,
      connections: mcp.maxConnections,
      idleMs: mcp.idleSeconds * 1000,
    },
  };
}

function placeOf(declared: DeclaredServer, projectFolder: string): ToolServerOptions['place'] {
  const { command, args = [], env = {}, cwd = '.', url, headers = {} } = declared;
  if (url !== undefined) return { kind: 'http', url: new URL(url), headers, perUser: false };
  return { kind: 'stdio', command: command ?? '', args, env, cwd: path.resolve(projectFolder, cwd) };
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
