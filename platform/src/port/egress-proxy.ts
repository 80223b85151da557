import type { HostAddress } from './tool.ts';

/** Where connections through an opening may lead. What is refused here is refused, whatever else allows it. */
export interface EgressOptions {
  /** `example.com`, `*.example.com` (names below it), each with `:port` where only that one is meant. Absent: every host. */
  allowedHosts?: readonly string[];
  /**
   * Asked before a name is looked up and once more, with its addresses, before each connection. Contract: throws to refuse, with an
   * error whose message says why.
   */
  mayReach?: (url: URL, addresses?: readonly HostAddress[]) => void;
  /** Bytes in both directions together, after which the opening lets nothing more through. */
  maxBytes?: number;
}

/** A connection that was not made. */
export interface RefusedConnection {
  /** Host and port, as they were asked for. */
  target: string;
  reason: string;
  /** How often it was asked for in vain. */
  count: number;
}

/** What came of an opening so far. */
export interface EgressReport {
  /** The latest 100 different ones. */
  refused(): readonly RefusedConnection[];
  bytes(): number;
}

/** A way out on a Unix socket of its own. */
export interface OpenEgress extends EgressReport {
  /** Path of the Unix socket. */
  socketPath: string;
  close(): Promise<void>;
}

/** A way out through the doors that all passes share. */
export interface EgressPass extends EgressReport {
  /** Password that its holder shows to the proxy (Basic, any user name). */
  token: string;
  /** Ends all its connections. */
  close(): void;
}

/** Doors of the proxy at which a pass must be shown. */
export interface EgressDoors {
  /** On 127.0.0.1. */
  port: number;
  socketPath: string;
}

/**
 * The one way out for programs that must not reach everything: a proxy for HTTP and CONNECT. It resolves names itself, refuses a name when
 * any of its addresses is not public, and connects to the addresses that it has checked and to no others.
 */
export interface EgressProxy {
  /** Opens a way out for what has no network of its own; who can open the socket needs no token. */
  open(options: EgressOptions): Promise<OpenEgress>;
  /** Makes a pass for the shared doors. */
  pass(options: EgressOptions): EgressPass;
  /** The shared doors, opened with the first question. */
  doors(): Promise<EgressDoors>;
  close(): Promise<void>;
}
