import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  EgressDoors,
  EgressOptions,
  EgressPass,
  EgressProxy,
  OpenEgress,
} from '../../port/egress-proxy.ts';
import { resolveByDns, type Resolve } from '../pinned-http/resolve-host.ts';
import type { EgressLimits } from './admit-target.ts';
import { EgressWay } from './egress-way.ts';
import { serveConnect, servePlain, tell, type ServedWay } from './serve-request.ts';

/** What is the same for all openings. */
export interface EgressSettings {
  limits?: Partial<EgressLimits>;
  resolve?: Resolve;
}

const usualLimits: EgressLimits = {
  ports: ['80', '443'],
  allowPrivate: [],
  connectSeconds: 10,
  idleSeconds: 120,
  maxConnections: 128,
};

/** Largest head of a request. */
const maxHeaderSize = 32_768;

/** The filtering proxy. Nothing listens before something is opened. */
export function makeEgressProxy(settings: EgressSettings = {}): EgressProxy {
  return new FilteringProxy(settings);
}

class FilteringProxy implements EgressProxy {
  readonly #limits: EgressLimits;
  readonly #resolve: Resolve;
  readonly #ways = new Map<string, EgressWay>();
  readonly #servers = new Set<Server>();
  #folder: Promise<string> | undefined;
  #doors: Promise<EgressDoors> | undefined;

  constructor({ limits = {}, resolve = resolveByDns }: EgressSettings) {
    this.#limits = { ...usualLimits, ...limits };
    this.#resolve = resolve;
  }

  async open(options: EgressOptions): Promise<OpenEgress> {
    const way = new EgressWay(options, this.#limits.maxConnections);
    const server = this.#serve(() => way);
    const socketPath = await this.#listen(server);
    const close = async () => {
      way.close();
      await this.#end(server);
    };
    return { socketPath, refused: () => way.refused(), bytes: () => way.bytes(), close };
  }

  pass(options: EgressOptions): EgressPass {
    const token = randomBytes(24).toString('base64url');
    const way = new EgressWay(options, this.#limits.maxConnections);
    this.#ways.set(token, way);
    const close = () => {
      this.#ways.delete(token);
      way.close();
    };
    return { token, refused: () => way.refused(), bytes: () => way.bytes(), close };
  }

  doors(): Promise<EgressDoors> {
    this.#doors ??= this.#openDoors();
    return this.#doors;
  }

  async close(): Promise<void> {
    for (const way of this.#ways.values()) way.close();
    await Promise.all([...this.#servers].map((server) => this.#end(server)));
    const folder = await this.#folder;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #openDoors(): Promise<EgressDoors> {
    const byToken = (request: IncomingMessage) => this.#ways.get(tokenOf(request) ?? '');
    const [local, shared] = [this.#serve(byToken), this.#serve(byToken)];
    const socketPath = await this.#listen(shared);
    await new Promise<void>((resolve, reject) => {
      local.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return { port: (local.address() as AddressInfo).port, socketPath };
  }

  #serve(wayOf: (request: IncomingMessage) => EgressWay | undefined): Server {
    const served = (request: IncomingMessage): ServedWay | undefined => {
      const way = wayOf(request);
      return way && { way, limits: this.#limits, resolve: this.#resolve };
    };
    const server = createServer({ maxHeaderSize, headersTimeout: 10_000, requestTimeout: 0 });
    server.on('connect', (request, client, head) => {
      client.on('error', () => client.destroy());
      const by = served(request);
      if (!by) return tell(client, askForToken);
      serveConnect(request, { client, head, ...by }).catch(() => client.destroy());
    });
    server.on('request', (request, response) => {
      const by = served(request);
      if (!by) return void response.writeHead(407, { 'proxy-authenticate': challenge }).end();
      servePlain(request, { response, ...by }).catch(() => response.destroy());
    });
    server.on('clientError', (_error, client) => client.destroy());
    this.#servers.add(server);
    return server;
  }

  async #listen(server: Server): Promise<string> {
    this.#folder ??= makeFolder();
    const path = join(await this.#folder, `${randomBytes(6).toString('hex')}.sock`);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(path, resolve);
    });
    // Whoever is given the path may be another user; the folder above is what keeps others out.
    await chmod(path, 0o666);
    return path;
  }

  async #end(server: Server): Promise<void> {
    this.#servers.delete(server);
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const challenge = 'Basic realm="batuta"';
const askForToken = `407 Proxy Authentication Required\r\nProxy-Authenticate: ${challenge}`;

/** A folder that others may pass through to a socket whose name they were told, but not list. */
async function makeFolder(): Promise<string> {
  // Of this user: what another one made cannot be written to.
  const base = join(tmpdir(), `batuta-egress-${process.getuid?.() ?? 'user'}`);
  await mkdir(base, { recursive: true, mode: 0o711 });
  const folder = await mkdtemp(join(base, 'proxy-'));
  await chmod(folder, 0o711);
  return folder;
}

function tokenOf({ headers }: IncomingMessage): string | undefined {
  const [scheme, encoded = ''] = (headers['proxy-authorization'] ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
