import { BatutaError } from '@batuta/contract';

/** Where commands see their workspace. */
export const workspaceMount = '/workspace';

const longestPath = 4096;
const longestPart = 255;
const deepest = 64;

/**
 * The parts of a path inside a workspace; none for the workspace itself. `/workspace/a` and `./a` are `a`. Errors:
 * `workspace-path-refused`.
 */
export function workspaceParts(path: string): string[] {
  const fault = faultOf(path);
  if (fault !== undefined) throw refusedPath(path, fault);
  const inside = path === workspaceMount ? '' : path.replace(/^\/workspace\//, '');
  if (inside.startsWith('/')) throw refusedPath(path, `it is outside of the workspace ${workspaceMount}`);
  const parts = inside.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw refusedPath(path, 'it may not contain ".."');
  if (parts.length > deepest) throw refusedPath(path, `it is deeper than ${deepest} folders`);
  if (parts.some((part) => Buffer.byteLength(part) > longestPart))
    throw refusedPath(path, `a part is longer than ${longestPart} bytes`);
  return parts;
}

/** The error for a path that is not gone along. */
export function refusedPath(path: string, reason: string): BatutaError<'workspace-path-refused'> {
  return new BatutaError('workspace-path-refused', { path: shown(path), reason });
}

/** The error for a path where nothing is. */
export function unknownPath(path: string): BatutaError<'workspace-file-unknown'> {
  return new BatutaError('workspace-file-unknown', { path: shown(path) });
}

function faultOf(path: string): string | undefined {
  if (path.length > longestPath) return `it is longer than ${longestPath} characters`;
  if (path.includes('\0')) return 'it contains a zero byte';
  return path.isWellFormed() ? undefined : 'it is not a text in Unicode';
}

function shown(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}...`.toWellFormed() : path.toWellFormed();
}
