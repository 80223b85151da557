import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BatutaError } from '@batuta/contract';
import { isDefinedTool } from '../../port/tool-definition.ts';
import type { FoundTool, ToolModules } from '../../port/tool-modules.ts';
import { offerOwnPackages } from './own-packages.ts';

type Problem = BatutaError<'tool-file-invalid'>;
type Loaded = { tools: FoundTool[]; problems: Problem[] };

const toolFile = /^[^._][^/]*\.m?[jt]s$/;
const noToolFile = /\.(?:test|spec|d)\.m?[jt]s$/;
const mostFiles = 200;
/** A module that waits for something at its top level must not hold up the start for ever. */
const loadMs = 15_000;

/** The tools in `tools/` of a project folder. Each file is imported as a module and may export any number of them. */
export function makeToolModules(projectFolder: string): ToolModules {
  const folder = join(projectFolder, 'tools');

  async function load(): Promise<Loaded> {
    const names = await toolFiles(folder);
    if (names.length > mostFiles) return refused('tools', `there are more than ${mostFiles} tool files`);
    if (names.length > 0) offerOwnPackages();
    const loaded = await Promise.all(names.map((name) => loadFile(folder, name)));
    return {
      tools: loaded.flatMap(({ tools }) => tools),
      problems: loaded.flatMap(({ problems }) => problems),
    };
  }

  return { load };
}

async function toolFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && toolFile.test(entry.name) && !noToolFile.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
}

async function loadFile(folder: string, name: string): Promise<Loaded> {
  const file = `tools/${name}`;
  let exported: unknown[];
  try {
    exported = await importAnew(join(folder, name));
  } catch (error) {
    return refused(file, `the file cannot be loaded: ${reasonOf(error)}`, hintOf(error));
  }
  // The same tool may be exported by name and as default.
  const tools = [...new Set(exported.filter(isDefinedTool))].map((definition) => ({ file, definition }));
  if (tools.length > 0) return { tools, problems: [] };
  const hint = ` Write: import { defineTool } from '@batuta/platform/tool'; export const myTool = defineTool({ ... });`;
  return refused(file, 'the file exports no tool', hint);
}

/** When each file was changed that this process has loaded first: modules are remembered for its whole life. */
const firstLoaded = new Map<string, number>();

/** A module is remembered by its address, so a file that was changed since gets a new one. */
async function importAnew(path: string): Promise<unknown[]> {
  const { mtimeMs } = await stat(path);
  const first = firstLoaded.get(path) ?? mtimeMs;
  firstLoaded.set(path, first);
  const address = pathToFileURL(path).href + (first === mtimeMs ? '' : `?changed=${mtimeMs}`);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DOMException(`it did not end within ${loadMs / 1000} s`)),
    loadMs,
  );
  try {
    const module: unknown = await Promise.race([import(/* @vite-ignore */ address), late]);
    return typeof module === 'object' && module !== null ? Object.values(module) : [];
  } finally {
    clearTimeout(timer);
  }
}

function refused(file: string, reason: string, hint = ''): Loaded {
  return { tools: [], problems: [new BatutaError('tool-file-invalid', { file, reason, hint })] };
}

function hintOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_MODULE_NOT_FOUND')
    return ' Install the package in the project folder, or mend the path (with its ending .ts).';
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return ' Use types only: no enums, namespaces or parameter properties.';
  return '';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Syntax errors of a module carry file and line only in the first line of the stack.
  const place = /^(?:file:\/\/)?[^\n]*?([^/\n]+?)(?:\?[^:\n]*)?:(\d+)\n/.exec(error.stack ?? '');
  const at = error instanceof SyntaxError && place !== null ? ` (${place[1]}:${place[2]})` : '';
  return `${error.message.split('\n')[0] ?? ''}${at}`.replace(/[.]$/, '');
}
