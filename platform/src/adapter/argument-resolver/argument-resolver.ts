import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ArgumentResolver, ResolvedPath } from '../../port/argument-resolver.ts';
import { isPublicAddress } from '../pinned-http/public-address.ts';
import type { HostAddress } from '../../port/tool.ts';
import { resolveByDns, type Resolve } from '../pinned-http/resolve-host.ts';
import { realPathOf } from './real-path.ts';

const longestLookupMs = 5_000;

/** Looks into the file system of this machine and asks its name server. */
export function makeArgumentResolver(options: {
  projectFolder: string;
  resolve?: Resolve;
}): ArgumentResolver {
  const find = options.resolve ?? resolveByDns;
  return {
    resolvePath: (path, root) => resolvePath(path, resolve(options.projectFolder, root)),
    resolveHost: (name) => resolveHost(name, find),
  };
}

async function resolvePath(path: string, root: string): Promise<ResolvedPath | null> {
  try {
    const realRoot = await realpath(root);
    const found = await realPathOf(path, realRoot);
    return found === null ? null : { path: found, root: realRoot };
  } catch {
    return null;
  }
}

async function resolveHost(name: string, find: Resolve): Promise<readonly HostAddress[] | null> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<null>();
  const timer = setTimeout(() => giveUp(null), longestLookupMs);
  try {
    const addresses = await Promise.race([find(name), late]);
    return addresses?.map(({ address }) => ({ address, isPublic: isPublicAddress(address) })) ?? null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
