import { BatutaError } from '@batuta/contract';
import type Docker from 'dockerode';

/** How long an engine may take for anything but waiting. */
export const answerMs = 30_000;
/** How long a container may still be there when it was killed. */
const killedMs = 5_000;
const [removals, removalPauseMs] = [3, 500];

/** What is needed of a container to end it. */
export type Mortal = Pick<Docker.Container, 'kill' | 'remove' | 'wait'>;

/** The end of a container, which comes in a bounded time once it was asked for. */
export interface ContainerEnd {
  /** Null when nobody can say it any more. Contract: never rejects. */
  readonly exitCode: Promise<number | null>;
  /** Asks for the end. */
  readonly kill: () => void;
}

/**
 * Waits for the end of a container. One that was killed and does not end, or whose engine does not hear that, is removed by force; and when
 * its engine does not answer even then, it counts as ended.
 */
export function endOfContainer(container: Mortal): ContainerEnd {
  const { promise: exitCode, resolve } = Promise.withResolvers<number | null>();
  void waitFor(container).then(resolve);
  let insisting: Promise<void> | undefined;
  const insist = async (): Promise<void> => {
    await tryToKill(container);
    if (await isSettled(exitCode, killedMs)) return;
    await removeContainer(container);
    await isSettled(exitCode, killedMs);
  };
  return { exitCode, kill: () => void (insisting ??= insist().then(() => resolve(null))) };
}

/** Removes a container, in whatever state it is, with all that runs in it. Contract: never rejects, and ends. */
export async function removeContainer(container: Mortal): Promise<void> {
  if (await isRemoved(container, {})) return;
  for (let tries = 1; tries <= removals; tries += 1) {
    // Removed while it runs, it would first be asked to end, and be given ten seconds for that.
    await tryToKill(container);
    if (await isRemoved(container, { force: true })) return;
    if (tries < removals) await new Promise((resolve) => setTimeout(resolve, removalPauseMs));
  }
}

/** Gives what an engine answers, and does not wait for ever. Errors: those of the engine, `sandbox-unavailable`. */
export async function answered<T>(asked: Promise<T>, milliseconds = answerMs): Promise<T> {
  if (await isSettled(asked, milliseconds)) return await asked;
  const reason = `the engine has not answered within ${milliseconds / 1000} seconds`;
  const mend = 'Look whether it is well, or start it again.';
  throw new BatutaError('sandbox-unavailable', { kind: 'container', reason, mend });
}

async function tryToKill(container: Mortal): Promise<void> {
  await answered(container.kill({ signal: 'SIGKILL' }), killedMs).catch(() => undefined);
}

async function isRemoved(container: Mortal, how: { force?: true }): Promise<boolean> {
  try {
    await answered(container.remove({ ...how, v: true }));
    return true;
  } catch (error) {
    return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
  }
}

async function waitFor(container: Mortal): Promise<number | null> {
  try {
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
    return status;
  } catch {
    // The engine went away, or somebody else removed the container.
    return null;
  }
}

/** True as soon as it is settled, false when the time is over before. */
export async function isSettled(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  const settled = promise.then(
    () => true as const,
    () => true as const,
  );
  const isInTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return isInTime;
}
