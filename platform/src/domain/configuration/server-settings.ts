import { z } from 'zod';
import { address, integer, list, secret, textOr } from './setting.ts';

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** The HTTP server. */
export const serverSettings = {
  host: textOr({
    variable: 'BATUTA_HOST',
    about: 'Address to listen on; 0.0.0.0 listens on all.',
    range: 'a host name or IP address',
    pattern: /^[\w.:%-]+$/,
    default: '127.0.0.1',
  }),
  port: integer({
    variable: 'BATUTA_PORT',
    about: 'Port to listen on; 0 takes any free one.',
    default: 3000,
    min: 0,
    max: 65_535,
  }),
  adminKey: secret({
    variable: 'BATUTA_ADMIN_KEY',
    about:
      'API key of the administrator; without it the first start makes one and keeps it in the data directory.',
    range: 'a text of printable characters without spaces',
    pattern: /^[\x21-\x7e]{1,512}$/,
  }),
  allowedHosts: list({
    variable: 'BATUTA_ALLOWED_HOSTS',
    about: 'Names in the Host header that are served besides loopback names and server.host; * serves all.',
    each: 'host names, with a port where it is not the usual one, or *',
    pattern: /^(?:\*|[\w.-]+(?::\d{1,5})?|\[[\da-f:]+\](?::\d{1,5})?)$/i,
    default: [],
  }),
  allowedOrigins: list({
    variable: 'BATUTA_ALLOWED_ORIGINS',
    about: "Web pages of these origins may call the API from a browser, besides the server's own.",
    each: 'origins such as https://app.example.com',
    pattern: /^https?:\/\/[^\s/]+$/,
    default: [],
  }),
  trustedProxies: list({
    variable: 'BATUTA_TRUSTED_PROXIES',
    about: 'Proxies in front of this server: X-Forwarded-For of these tells the address of the client.',
    each: 'IP addresses and networks such as 10.0.0.0/8',
    pattern: { test: (entry) => network.safeParse(entry).success },
    default: [],
  }),
  publicUrl: address({
    variable: 'BATUTA_PUBLIC_URL',
    about:
      'Address at which browsers reach this server, for links that other services send them back by; without it http://localhost with the port.',
  }),
  maxBodyBytes: integer({
    variable: 'BATUTA_MAX_BODY_BYTES',
    about: 'Largest body of a request.',
    default: 20_000_000,
    min: 1024,
    max: 1_000_000_000,
  }),
  shutdownSeconds: integer({
    variable: 'BATUTA_SHUTDOWN_SECONDS',
    about: 'How long a graceful stop waits for requests and runs before it stops anyway.',
    default: 20,
    min: 0,
    max: 3600,
  }),
  headersTimeoutSeconds: integer({
    variable: 'BATUTA_HEADERS_TIMEOUT_SECONDS',
    about: 'How long a client may take to send the headers of a request.',
    default: 15,
    min: 1,
    max: 600,
  }),
  requestTimeoutSeconds: integer({
    variable: 'BATUTA_REQUEST_TIMEOUT_SECONDS',
    about: 'How long a client may take to send a whole request.',
    default: 60,
    min: 1,
    max: 3600,
  }),
  keepAliveSeconds: integer({
    variable: 'BATUTA_KEEP_ALIVE_SECONDS',
    about: 'How long an idle connection is kept open for the next request.',
    default: 65,
    min: 1,
    max: 3600,
  }),
};
