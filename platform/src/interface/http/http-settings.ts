import type { SocketSettings } from '../socket/socket-limits.ts';

/** What the HTTP door is told by the configuration. */
export interface HttpSettings {
  /** Address that the server listens on; requests may name it in their Host header. */
  host: string;
  /** Further names under which the platform is reached: `name` or `name:port`; `*` for any. */
  allowedHosts: readonly string[];
  /** Origins of web pages that may call the API with a key, such as `https://app.example.com`. */
  allowedOrigins: readonly string[];
  /** Addresses and networks of proxies in front of this server. */
  trustedProxies: readonly string[];
  /** Issuers whose tokens let people in, where a client can ask them for one. */
  issuers: readonly string[];
  maxBodyBytes: number;
  /** Streams open at the same time in this process. */
  maxStreams: number;
  sockets: SocketSettings;
}
