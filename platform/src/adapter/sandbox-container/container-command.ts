import { Writable, type Duplex } from 'node:stream';
import { BatutaError } from '@batuta/contract';
import type Docker from 'dockerode';
import type {
  CommandEnd,
  CommandFollower,
  OutputStream,
  SandboxLimit,
  SandboxProcess,
} from '../../port/sandbox.ts';
import { guardCommand, type CommandGuard } from '../sandbox/command-guard.ts';
import type { ContainerEngine } from './container-engine.ts';
import { answered, endOfContainer, isSettled, removeContainer } from './container-end.ts';
import { containerOptions, type ContainerPlan } from './container-options.ts';
import { resizeContainer, sizeEarly } from './terminal-sizes.ts';

/** How a shell says that a program was ended by SIGXFSZ. */
const fileTooLarge = 128 + 25;

/** How long a command may take, and how it is followed. */
export interface Following {
  seconds: number;
  follower: CommandFollower;
}

/** Makes a container, runs its command, and removes it. Errors: `sandbox-unavailable`. */
export async function startContainer(plan: ContainerPlan, following: Following): Promise<SandboxProcess> {
  const { ended, stop, stream } = await startCommand(plan, following);
  return { ended, stop, write: (input) => void stream.write(input) };
}

/** A container that runs, and the connection to its command. */
export interface StartedContainer extends Pick<SandboxProcess, 'ended' | 'stop'> {
  container: Docker.Container;
  stream: Duplex;
  /** Ends with the connection. Contract: never rejects. */
  read: Promise<void>;
  /** Asks for the end of the container. */
  readonly kill: () => void;
}

/** Makes a container and runs its command. Errors: `sandbox-unavailable`. */
export async function startCommand(
  plan: ContainerPlan,
  { seconds, follower }: Following,
): Promise<StartedContainer> {
  const { engine, options, command } = plan;
  const container = await create(plan).catch((error: unknown) => refuse(plan, error));
  const stream = await begin(plan, container).catch(async (error: unknown) => {
    await removeContainer(container);
    return refuse(plan, error);
  });
  const began = performance.now();
  const { exitCode, kill } = endOfContainer(container);
  const { folder, limits } = options;
  const guard = guardCommand({ folder, limits, seconds, follower, kill });
  const read = readOutput(engine.docker, { stream, guard, hasTerminal: plan.terminal !== undefined });
  if (command.input !== undefined) stream.write(command.input);
  if (command.isInteractive !== true) stream.end();
  const ended = endOf(container, { exitCode, guard, read }).then((end) => {
    stream.destroy();
    return { ...end, durationMs: performance.now() - began };
  });
  const stop = async (): Promise<CommandEnd> => {
    kill();
    return await ended;
  };
  return { container, ended, kill, read, stop, stream };
}

async function create(plan: ContainerPlan): Promise<Docker.Container> {
  const creating = plan.engine.docker.createContainer(containerOptions(plan));
  try {
    return await answered(creating);
  } catch (error) {
    // One that comes too late is for nobody.
    void creating.then(removeContainer, () => undefined);
    throw error;
  }
}

/**
 * Attaches before it starts: nothing that it says is missed. A terminal has its size before its command begins, too: a program that asks
 * at once would be told that there are no rows.
 */
async function begin({ engine, terminal }: ContainerPlan, container: Docker.Container): Promise<Duplex> {
  const attaching = attach(engine, container);
  try {
    const stream = await answered(attaching);
    stream.on('error', () => undefined);
    if (terminal) await sizeEarly(container, terminal);
    await answered(container.start());
    // Docker takes it with the container (`ConsoleSize`), its old versions only now; and Podman's helper may have lost the early one.
    if (terminal) await resizeContainer(container, terminal);
    return stream;
  } catch (error) {
    void attaching.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
    throw error;
  }
}

/**
 * Keys that would end the connection, and the first of which the engine keeps to itself until the next: usually Ctrl-P, which many type.
 * Podman can do without any, Docker takes its own ones for none.
 */
const unlikely = 'ctrl-@,ctrl-@,ctrl-@,ctrl-@';

/** As `container.attach`, but without a body: Podman would hand that to the command as its input. */
function attach({ docker, isPodman }: ContainerEngine, { id }: Docker.Container): Promise<Duplex> {
  const options = {
    path: `/containers/${id}/attach?`,
    options: { stream: true, stdin: true, stdout: true, stderr: true, detachKeys: isPodman ? '' : unlikely },
    method: 'POST',
    isStream: true,
    hijack: true,
    file: Buffer.alloc(0),
    statusCodes: { 101: true, 200: true, 404: 'no such container', 500: 'server error' },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error, stream) => {
      if (error) reject(error);
      else resolve(stream as Duplex);
    });
  });
}

interface Output {
  stream: Duplex;
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
  {
    exitCode: exiting,
    read,
    guard,
  }: { exitCode: Promise<number | null>; read: Promise<void>; guard: CommandGuard },
): Promise<Omit<CommandEnd, 'durationMs'>> {
  const exitCode = await exiting;
  await isSettled(read, lingerMs);
  guard.stop();
  const limit = guard.cause ?? (await quietLimit(container, exitCode));
  void removeContainer(container);
  return guard.cause === null
    ? { exitCode, signal: null, limit }
    : { exitCode: null, signal: 'SIGKILL', limit };
}

async function quietLimit(
  container: Docker.Container,
  exitCode: number | null,
): Promise<SandboxLimit | null> {
  if (exitCode === fileTooLarge) return 'disk';
  const state = await answered(container.inspect()).catch(() => undefined);
  return state?.State.OOMKilled === true ? 'memory' : null;
}

function refuse({ image, engine }: ContainerPlan, error: unknown): never {
  if (BatutaError.has(error, 'sandbox-unavailable')) throw error;
  const said = error instanceof Error ? error.message : String(error);
  const isMissing = /no such image|image not known/i.test(said);
  const reason = isMissing ? `the image ${image} is not on this machine` : said;
  const pull = `${engine.isPodman ? 'podman' : 'docker'} pull ${image}`;
  const mend = isMissing
    ? `Run: ${pull}, or name another one in sandbox.images.`
    : '`batuta doctor` tries it, too.';
  throw new BatutaError('sandbox-unavailable', { kind: 'container', reason, mend }, { cause: error });
}
