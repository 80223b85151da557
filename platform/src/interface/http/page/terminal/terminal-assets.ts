import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A file of the page. */
interface Asset {
  content: Uint8Array<ArrayBuffer>;
  mediaType: string;
  tag: string;
}

const { resolve } = createRequire(import.meta.url);
const script = 'text/javascript; charset=utf-8';
const styles = 'text/css; charset=utf-8';

/** Where each file is, by the name under which it is served. */
const files: Readonly<Record<string, { find: () => string; mediaType: string }>> = {
  'terminal-page.mjs': { find: () => join(import.meta.dirname, 'terminal-page.mjs'), mediaType: script },
  'terminal-page.css': { find: () => join(import.meta.dirname, 'terminal-page.css'), mediaType: styles },
  'xterm.mjs': { find: () => resolve('@xterm/xterm/lib/xterm.mjs'), mediaType: script },
  'xterm.css': { find: () => resolve('@xterm/xterm/css/xterm.css'), mediaType: styles },
  'addon-fit.mjs': { find: () => resolve('@xterm/addon-fit/lib/addon-fit.mjs'), mediaType: script },
};

const read = new Map<string, Promise<Asset>>();

/** A file of the page, from this server alone; undefined: there is none of this name. */
export async function readTerminalAsset(name: string): Promise<Asset | undefined> {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined) return undefined;
  const reading = read.get(name) ?? readAsset(file);
  read.set(name, reading);
  return await reading;
}

async function readAsset({ find, mediaType }: { find: () => string; mediaType: string }): Promise<Asset> {
  const content = Uint8Array.from(await readFile(find()));
  const tag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 20)}"`;
  return { content, mediaType, tag };
}
