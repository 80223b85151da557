import type { ToolAnnotations } from '../../port/tool.ts';

/** A process that speaks over its standard streams. */
export interface StdioPlace {
  kind: 'stdio';
  command: string;
  args: readonly string[];
  /** Values may name secrets: `secret://tickets-key`. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** The command may first fetch what it then runs, and is silent meanwhile. */
  mayDownload?: boolean;
}

/** A server elsewhere, reached over streamable HTTP. */
export interface HttpPlace {
  kind: 'http';
  url: URL;
  /** Values may name secrets. */
  headers: Readonly<Record<string, string>>;
  /** Each user signs in to it. */
  perUser: boolean;
}

/** What people say about tools, whatever their server says. */
export interface ToolOverride {
  /** Name of a tool, or its beginning with `*`. */
  pattern: string;
  facts: Partial<ToolAnnotations>;
  timeoutMs: number | undefined;
}

/** A tool server as it is declared. */
export interface ToolServerOptions {
  /** `tickets`. */
  name: string;
  place: StdioPlace | HttpPlace;
  /** All tenants use one connection, with the secrets of the platform's own tenant. */
  shared: boolean;
  /** Nothing that it says about its tools is believed, and what they give is not to be trusted. */
  untrusted: boolean;
  /** What its tools give is private. */
  privateData: boolean;
  overrides: readonly ToolOverride[];
  timeoutMs: number;
  refreshMs: number;
  limits: ServerLimits;
}

/** Bounds of what a server may make the platform do. */
export interface ServerLimits {
  /** To connect and to list tools. */
  startMs: number;
  tools: number;
  messageBytes: number;
  /** Connections to one server; each is a process where it speaks over its standard streams. */
  connections: number;
  /** Connections of tenants are closed when nobody has used them for so long. */
  idleMs: number;
}

/** Whose call it is. */
export interface Caller {
  tenantId: string;
  userId: string | null;
}
