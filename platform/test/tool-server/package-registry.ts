/** A registry of packages with one package, a tool server that is a few lines long. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenLocally, type LocalServer } from '../browser/egress-kit.ts';

const name = 'tiny-tool-server';
const version = '1.0.0';

const program = `#!/usr/bin/env node
const tools = [{ name: 'seen', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }];
const serverInfo = { name: 'tiny', version: '1' };
const results = {
  initialize: () => ({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo }),
  'tools/list': () => ({ tools }),
  'tools/call': () => ({ content: [{ type: 'text', text: JSON.stringify(Object.keys(process.env)) }] }),
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined) return;
  const answer = results[method] ? { result: results[method]() } : { error: { code: -32601, message: 'no' } };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
});
`;

/** A registry whose one download waits until it is released. */
export class PackageRegistry implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'batuta-registry-'));
  readonly asked: Promise<void>;
  readonly release: () => void;
  readonly #released: Promise<void>;
  readonly #tell: () => void;
  url = '';
  #server: LocalServer | undefined;

  constructor() {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.asked = asked.promise;
    this.#tell = asked.resolve;
    this.#released = released.promise;
    this.release = released.resolve;
  }

  async listen(): Promise<this> {
    const archive = this.#pack();
    this.#server = await listenLocally((request, response) => {
      if (request.url?.endsWith('.tgz') !== true) {
        // Whatever is posted asks about known faults of packages.
        const answer = request.method === 'POST' ? {} : this.#document(archive);
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
        return;
      }
      this.#tell();
      void this.#released.then(() => response.end(archive));
    });
    this.url = `${this.#server.url}/`;
    return this;
  }

  /** Cannot be reached any more. */
  async stop(): Promise<void> {
    this.release();
    await this.#server?.close();
    this.#server = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #pack(): Buffer {
    const source = join(this.folder, 'package');
    mkdirSync(source);
    writeFileSync(join(source, 'package.json'), JSON.stringify({ name, version, bin: 'server.js' }));
    writeFileSync(join(source, 'server.js'), program, { mode: 0o755 });
    execFileSync('tar', ['-czf', join(this.folder, 'package.tgz'), '-C', this.folder, 'package']);
    return readFileSync(join(this.folder, 'package.tgz'));
  }

  #document(archive: Buffer) {
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    const dist = { tarball: `${this.url}${name}/-/${name}-${version}.tgz`, integrity };
    const versions = { [version]: { name, version, bin: { [name]: 'server.js' }, dist } };
    return { name, 'dist-tags': { latest: version }, versions };
  }
}
