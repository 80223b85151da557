import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeContainerProvider } from '../../src/adapter/sandbox-container/container-sandbox.ts';
import type { SandboxProvider } from '../../src/port/sandbox.ts';

/** An engine of the test, with an image made of programs of this machine. */
export interface TestPodman {
  image: string;
  socketPath: string;
  provider: SandboxProvider;
  /** Makes a container as a process would have left it that was killed. */
  abandon(labels: readonly string[]): void;
  removeAll(): void;
  /** How many containers there are. */
  containers(): number;
  close(): Promise<void>;
}

const program = '/usr/bin/podman';

/** Starts Podman behind a socket. Needs root, podman and runc; says so where they are missing. */
export async function startPodman(): Promise<TestPodman> {
  const image = `localhost/batuta-test:node-${process.versions.node}-3`;
  requirePrograms();
  const folder = mkdtempSync(join(tmpdir(), 'batuta-podman-'));
  const environment = { ...process.env, CONTAINERS_CONF: join(folder, 'containers.conf') };
  // A machine without a service manager: Podman itself makes the control groups, and keeps its events to itself.
  const settings =
    '[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="none"\n[containers]\ndefault_ulimits=["nofile=1024:1024","nproc=4096:4096"]\n';
  writeFileSync(environment.CONTAINERS_CONF, settings);
  run('bash', [join(import.meta.dirname, 'make-image.sh'), image, process.execPath], environment);
  const socketPath = join(folder, 'podman.sock');
  const service = spawn(program, ['system', 'service', '--time=0', `unix://${socketPath}`], {
    env: environment,
    stdio: 'ignore',
  });
  await answering(socketPath);
  const images = { python: image, node: image, general: image };
  // Others of this machine may run these tests as well.
  const own = `dev.batuta.test=${process.pid}`;
  const list = (): string[] =>
    [own, `dev.batuta.process=${process.pid}`].flatMap((label) =>
      run(program, ['ps', '-aq', '--filter', `label=${label}`], environment)
        .split('\n')
        .filter((line) => line !== ''),
    );
  const provider = makeContainerProvider({ socketPath, images, user: 2000 });
  const removeAll = (): void => {
    const all = list();
    if (all.length > 0) run(program, ['rm', '-f', '-i', '-t', '0', ...all], environment);
  };
  return {
    image,
    socketPath,
    provider,
    abandon: (labels) => {
      const options = [own, ...labels].flatMap((label) => ['--label', label]);
      run(program, ['run', '-d', '--network=none', ...options, image, 'sleep', '100'], environment);
    },
    removeAll,
    containers: () => list().length,
    close: async () => {
      await provider.close();
      // Also those of a test that has failed.
      removeAll();
      await end(service);
      rmSync(folder, { recursive: true });
    },
  };
}

function requirePrograms(): void {
  const missing = ['/usr/bin/podman', '/usr/sbin/runc', '/usr/bin/python3'].filter(
    (path) => !existsSync(path),
  );
  if (missing.length > 0 || process.getuid?.() !== 0)
    throw new Error(
      `these tests need root and ${missing.join(', ') || 'nothing else'}: run tool/install-system-packages.sh as root`,
    );
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The service says nothing when it is ready. */
async function answering(socketPath: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(socketPath);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    await pause(25);
  }
  throw new Error('podman does not answer');
}

async function end(service: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.kill('SIGTERM');
  await ended;
}
