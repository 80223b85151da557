import type { HostAddress } from './tool.ts';

/** A path after symbolic links, and the root that it is compared from. Both are absolute and real. */
export interface ResolvedPath {
  path: string;
  root: string;
}

/** Finds out what the names in arguments really stand for. Contract: never rejects; null where it cannot be found out. */
export interface ArgumentResolver {
  /** The real path, symbolic links followed, of something that need not exist. `root` starts from the project folder. */
  resolvePath(path: string, root: string): Promise<ResolvedPath | null>;
  /** All addresses of a host. */
  resolveHost(name: string): Promise<readonly HostAddress[] | null>;
}
