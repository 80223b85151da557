import type { CommandContext } from '../command-context.ts';

/** Where the platform of a project listens and keeps its data. */
export interface ProjectLocation {
  url: string;
  dataFolder: string;
  keyFile: string;
  /** Where a running platform says at which address it listens. */
  addressFile: string;
}

/** Addresses that mean "all of this machine" to a server are reached over loopback. */
const loopback: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/** Reads the project's configuration for its address. */
export async function locateProject(
  context: CommandContext,
  overrides: Readonly<Record<string, string>> = {},
): Promise<ProjectLocation> {
  const { projectFolder } = context;
  const { environment } = context.io;
  const { host, port, ...places } = await context.inspectConfiguration({
    projectFolder,
    environment,
    overrides,
  });
  const { dataFolder, keyFile, addressFile } = places;
  return { url: `http://${loopback[host] ?? bracketed(host)}:${port}`, dataFolder, keyFile, addressFile };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
