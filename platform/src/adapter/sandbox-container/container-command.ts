import { once } from 'node:events';
import { Writable } from 'node:stream';
import { BatutaError } from '@batuta/contract';
import type Docker from 'dockerode';
import type {
  CommandEnd,
  CommandFollower,
  OutputStream,
  SandboxLimit,
  SandboxProcess,
  SandboxTerminal,
  TerminalSize,
} from '../../port/sandbox.ts';
import { guardCommand, type CommandGuard } from '../sandbox/command-guard.ts';
import { containerOptions, type ContainerPlan } from './container-options.ts';

/** How a shell says that a program was ended by SIGXFSZ. */
const fileTooLarge = 128 + 25;

/** How long a command may take, and how it is followed. */
interface Following {
  seconds: number;
  follower: CommandFollower;
}

/** Makes a container, runs its command, and removes it. Errors: `sandbox-unavailable`. */
export async function startContainer(plan: ContainerPlan, following: Following): Promise<SandboxProcess> {
  const { ended, stop, stream } = await start(plan, following);
  return { ended, stop, write: (input) => void stream.write(input) };
}

/** Makes a container whose command sits at a terminal, which the engine makes. Errors: `sandbox-unavailable`. */
export async function startTerminal(
  plan: ContainerPlan,
  following: Following,
  size: TerminalSize,
): Promise<SandboxTerminal> {
  const { container, ended, stop, stream } = await start(plan, following);
  const resize = ({ columns, rows }: TerminalSize): void =>
    void container.resize({ w: columns, h: rows }).catch(() => undefined);
  resize(size);
  return {
    ended,
    stop,
    resize,
    type: async (input) => {
      if (!stream.write(input)) await Promise.race([once(stream, 'drain').catch(() => undefined), ended]);
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
  };
}

interface StartedContainer extends Pick<SandboxProcess, 'ended' | 'stop'> {
  container: Docker.Container;
  stream: NodeJS.ReadWriteStream;
}

async function start(plan: ContainerPlan, { seconds, follower }: Following): Promise<StartedContainer> {
  const { engine, options, command } = plan;
  const container = await engine.docker
    .createContainer(containerOptions(plan))
    .catch((error: unknown) => refuse(plan, error));
  const stream = await begin(engine.docker, container).catch(async (error: unknown) => {
    await remove(container);
    return refuse(plan, error);
  });
  const began = performance.now();
  const kill = (): void => void container.kill({ signal: 'SIGKILL' }).catch(() => undefined);
  const { folder, limits } = options;
  const guard = guardCommand({ folder, limits, seconds, follower, kill });
  const read = readOutput(engine.docker, { stream, guard, hasTerminal: plan.hasTerminal === true });
  if (command.input !== undefined) stream.write(command.input);
  if (command.isInteractive !== true) stream.end();
  const ended = endOf(container, { read, guard }).then((end) => ({
    ...end,
    durationMs: performance.now() - began,
  }));
  return {
    container,
    ended,
    stream,
    stop: async () => {
      kill();
      return await ended;
    },
  };
}

/** Attaches before it starts: nothing that it says is missed. */
async function begin(docker: Docker, container: Docker.Container): Promise<NodeJS.ReadWriteStream> {
  const stream = await attach(docker, container);
  stream.on('error', () => undefined);
  await container.start();
  return stream;
}

/** As `container.attach`, but without a body: Podman would hand that to the command as its input. */
function attach(docker: Docker, { id }: Docker.Container): Promise<NodeJS.ReadWriteStream> {
  const options = {
    path: `/containers/${id}/attach?`,
    options: { stream: true, stdin: true, stdout: true, stderr: true },
    method: 'POST',
    isStream: true,
    hijack: true,
    file: Buffer.alloc(0),
    statusCodes: { 101: true, 200: true, 404: 'no such container', 500: 'server error' },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error, stream) => {
      if (error) reject(error);
      else resolve(stream as NodeJS.ReadWriteStream);
    });
  });
}

interface Output {
  stream: NodeJS.ReadWriteStream;
  guard: CommandGuard;
  hasTerminal: boolean;
}

function readOutput(docker: Docker, { stream, guard, hasTerminal }: Output): Promise<void> {
  const sink = (name: OutputStream): Writable =>
    new Writable({
      write: (piece: Uint8Array, _encoding, done) => {
        guard.output(piece, name);
        done();
      },
    });
  // What a terminal shows is one stream, and nothing else is in it.
  if (hasTerminal) stream.on('data', (piece: Uint8Array) => guard.output(piece, 'stdout'));
  else docker.modem.demuxStream(stream, sink('stdout'), sink('stderr'));
  return new Promise((resolve) => {
    stream.once('end', resolve).once('close', resolve).once('error', resolve);
  });
}

/** How long output may still come when the container has ended. */
const lingerMs = 1_000;

async function endOf(
  container: Docker.Container,
  { read, guard }: { read: Promise<void>; guard: CommandGuard },
): Promise<Omit<CommandEnd, 'durationMs'>> {
  const exitCode = await waitFor(container);
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, lingerMs);
  await Promise.race([read, late]);
  clearTimeout(timer);
  guard.stop();
  const limit = guard.cause ?? (await quietLimit(container, exitCode));
  void remove(container);
  return guard.cause === null
    ? { exitCode, signal: null, limit }
    : { exitCode: null, signal: 'SIGKILL', limit };
}

async function waitFor(container: Docker.Container): Promise<number | null> {
  try {
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
    return status;
  } catch {
    // The engine went away, or somebody else removed the container.
    return null;
  }
}

async function quietLimit(
  container: Docker.Container,
  exitCode: number | null,
): Promise<SandboxLimit | null> {
  if (exitCode === fileTooLarge) return 'disk';
  const state = await container.inspect().catch(() => undefined);
  return state?.State.OOMKilled === true ? 'memory' : null;
}

async function remove(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch(() => undefined);
}

function refuse({ image, engine }: ContainerPlan, error: unknown): never {
  const said = error instanceof Error ? error.message : String(error);
  const isMissing = /no such image|image not known/i.test(said);
  const reason = isMissing ? `the image ${image} is not on this machine` : said;
  const pull = `${engine.isPodman ? 'podman' : 'docker'} pull ${image}`;
  const mend = isMissing
    ? `Run: ${pull}, or name another one in sandbox.images.`
    : '`batuta doctor` tries it, too.';
  throw new BatutaError('sandbox-unavailable', { kind: 'container', reason, mend }, { cause: error });
}
