import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type Docker from 'dockerode';
import { removeAbandoned } from './abandoned-containers.ts';
import { seccompProfile } from './seccomp-profile.ts';

/** An engine that runs containers, and what has to be known of it. */
export interface ContainerEngine {
  docker: Docker;
  socketPath: string;
  isPodman: boolean;
  /** It runs without rights: who this process is has to be carried into containers. */
  isRootless: boolean;
  /** How the profile of calls is handed over. */
  seccomp: string;
  close(): Promise<void>;
}

/** Finds the engine and asks what it is. Errors: `sandbox-unavailable`. */
export async function openEngine(configured: string | undefined): Promise<ContainerEngine> {
  const socketPath = configured ?? usualSockets().find((path) => existsSync(path));
  if (socketPath === undefined || !existsSync(socketPath)) throw noEngine(configured);
  const { default: DockerClient } = await import('dockerode');
  const docker = new DockerClient({ socketPath });
  const { version, info } = await ask(docker, socketPath);
  const isPodman = JSON.stringify(version).includes('Podman');
  await removeAbandoned(docker);
  const profile = seccompProfile();
  // Podman reads a file; Docker is given the text itself.
  const folder = isPodman ? await mkdtemp(join(tmpdir(), 'batuta-seccomp-')) : null;
  const file = folder === null ? null : join(folder, 'profile.json');
  if (file !== null) await writeFile(file, profile);
  return {
    docker,
    socketPath,
    isPodman,
    isRootless: JSON.stringify(info).includes('name=rootless'),
    seccomp: `seccomp=${file ?? profile}`,
    close: async () => {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}

function usualSockets(): string[] {
  const user = String(process.getuid?.() ?? 0);
  return [
    '/var/run/docker.sock',
    '/run/podman/podman.sock',
    `/run/user/${user}/podman/podman.sock`,
    `/run/user/${user}/docker.sock`,
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.local/share/containers/podman/machine/podman.sock'),
    join(homedir(), '.colima/default/docker.sock'),
  ];
}

async function ask(docker: Docker, socketPath: string): Promise<{ version: object; info: object }> {
  try {
    const [version, info] = await Promise.all([docker.version(), docker.info() as Promise<object>]);
    return { version, info };
  } catch (error) {
    const reason = `the engine at ${socketPath} does not answer (${error instanceof Error ? error.message : String(error)})`;
    const mend = 'Start it, and let the user of the platform use its socket.';
    throw new BatutaError('sandbox-unavailable', { kind: 'container', reason, mend }, { cause: error });
  }
}

function noEngine(configured: string | undefined): BatutaError<'sandbox-unavailable'> {
  const reason =
    configured === undefined
      ? 'neither Docker nor Podman was found'
      : `there is no socket at ${configured} (sandbox.container_socket)`;
  const mend =
    'Start Docker, or Podman with `podman system service`, or name its socket in sandbox.container_socket.';
  return new BatutaError('sandbox-unavailable', { kind: 'container', reason, mend });
}
