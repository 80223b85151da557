import { z } from 'zod';
import { integer, structured } from './setting.ts';

const text = z.string().min(1).max(4096);

const flag = z.boolean().optional();

const seconds = (most: number) => z.number().min(1).max(most).optional();

/** What is written about a tool, whatever its server says about it. */
const toolFactsSchema = z.strictObject({
  read_only: flag,
  destructive: flag,
  idempotent: flag,
  open_world: flag,
  private_data: flag,
  untrusted: flag,
  timeout_seconds: seconds(86_400),
});

/** Users sign in to the server, each for themselves. */
const oauthSchema = z.strictObject({
  client_id: text.optional(),
  client_secret: text.optional(),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope, without spaces'))
    .max(64)
    .optional(),
});

const toolPattern = z
  .string()
  .regex(/^[\w.:/-]{0,128}\*?$/, 'must be the name of a tool, or the beginning of names and *')
  .min(1);

const serverSchema = z
  .strictObject({
    command: text.optional(),
    args: z.array(z.string().max(4096)).max(64).optional(),
    env: z
      .record(z.string().regex(/^\w{1,128}$/, 'must be the name of a variable'), z.string().max(8192))
      .optional(),
    cwd: text.optional(),
    url: z
      .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
      .optional(),
    headers: z.record(z.string().regex(/^[\w-]{1,128}$/, 'must be the name of a header'), text).optional(),
    oauth: z.union([z.literal(true), oauthSchema]).optional(),
    shared: flag,
    untrusted: flag,
    private_data: flag,
    timeout_seconds: seconds(86_400),
    refresh_seconds: seconds(86_400),
    tools: z.record(toolPattern, toolFactsSchema).optional(),
  })
  .superRefine((server, context) => {
    for (const fault of faultsOf(server)) context.addIssue({ code: 'custom', ...fault, input: server });
  });

interface Place {
  command?: string | undefined;
  args?: unknown;
  env?: unknown;
  cwd?: string | undefined;
  url?: string | undefined;
  headers?: unknown;
  oauth?: unknown;
  shared?: boolean | undefined;
}

/** A server is either a process or an address. */
function faultsOf(server: Place): { path: string[]; message: string }[] {
  const hasCommand = server.command !== undefined;
  const hasUrl = server.url !== undefined;
  if (hasCommand === hasUrl) return [{ path: [], message: 'must have either "command" or "url"' }];
  const foreign = hasCommand ? (['headers', 'oauth'] as const) : (['args', 'env', 'cwd'] as const);
  if (server.shared === true && server.oauth !== undefined)
    return [{ path: ['shared'], message: 'does not go with "oauth": each user has a connection' }];
  const place = hasCommand ? 'url' : 'command';
  return foreign
    .filter((key) => server[key] !== undefined)
    .map((key) => ({ path: [key], message: `goes with "${place}" only` }));
}

/** Tool servers by name. */
export const serversSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and -, at most 31 of them'),
    serverSchema,
  )
  .refine((servers) => Object.keys(servers).length <= 64, 'must be at most 64 servers');

/** A tool server as it stands in batuta.yaml. */
export type DeclaredServer = z.infer<typeof serverSchema>;

/** Tool servers that speak the Model Context Protocol. */
export const mcpSettings = {
  servers: structured({
    variable: 'BATUTA_MCP_SERVERS',
    about: 'Tool servers by name; docs/guide/tool-servers.md explains them.',
    range:
      'a map from the name of a server to command, args, env, cwd or url, headers, and what is known of its tools',
    schema: serversSchema,
    default: {},
  }),
  startSeconds: integer({
    variable: 'BATUTA_MCP_START_SECONDS',
    about: 'Seconds in which a tool server must answer when it is connected to, and list its tools.',
    default: 30,
    min: 1,
    max: 600,
  }),
  refreshSeconds: integer({
    variable: 'BATUTA_MCP_REFRESH_SECONDS',
    about:
      'Seconds after which a tool server is asked for its tools again, although it did not say that they changed.',
    default: 300,
    min: 1,
    max: 86_400,
  }),
  idleSeconds: integer({
    variable: 'BATUTA_MCP_IDLE_SECONDS',
    about: 'Seconds after which a connection is closed that a tenant does not use.',
    default: 600,
    min: 10,
    max: 86_400,
  }),
  maxConnections: integer({
    variable: 'BATUTA_MCP_MAX_CONNECTIONS',
    about:
      'Connections that a process of the platform has to one tool server; for servers with a command, processes.',
    default: 16,
    min: 1,
    max: 1_000,
  }),
  maxTools: integer({
    variable: 'BATUTA_MCP_MAX_TOOLS',
    about: 'Tools that are taken over from one tool server.',
    default: 500,
    min: 1,
    max: 10_000,
  }),
  maxMessageBytes: integer({
    variable: 'BATUTA_MCP_MAX_MESSAGE_BYTES',
    about: 'Bytes of the longest message that is read from a tool server.',
    default: 10_000_000,
    min: 10_000,
    max: 100_000_000,
  }),
};
