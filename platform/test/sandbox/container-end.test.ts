import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  answered,
  endOfContainer,
  removeContainer,
  type Mortal,
} from '../../src/adapter/sandbox-container/container-end.ts';

const never = (): Promise<never> => new Promise(() => undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('ends a container that its engine does not kill by removing it', async () => {
  const { promise: waiting, resolve } = Promise.withResolvers<{ StatusCode: number }>();
  const { promise: forced, resolve: force } = Promise.withResolvers<boolean>();
  const container: Mortal = {
    wait: () => waiting,
    kill: () => Promise.reject(new TypeError('not now')),
    remove: (options?: { force?: boolean | undefined } | ((error: Error) => void)) => {
      if (typeof options !== 'object' || options.force !== true)
        return Promise.reject(new TypeError('it runs'));
      resolve({ StatusCode: 137 });
      force(true);
      return Promise.resolve();
    },
  };
  const { exitCode, kill } = endOfContainer(container);
  kill();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await forced).toBe(true);
  expect(await exitCode).toBe(137);
});

it('takes a container for ended when its engine does not answer any more', async () => {
  const { exitCode, kill } = endOfContainer({ wait: never, kill: never, remove: never });
  kill();
  await vi.advanceTimersByTimeAsync(180_000);
  expect(await exitCode).toBeNull();
});

it('says so when an engine does not answer', async () => {
  const asked = answered(never()).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await asked).toMatchObject({
    code: 'sandbox-unavailable',
    data: { reason: 'the engine has not answered within 30 seconds' },
  });
});

it('tries again to remove a container, and gives up', async () => {
  const remove = vi.fn<() => Promise<never>>(() => Promise.reject(new TypeError('busy')));
  const removing = removeContainer({ wait: never, kill: () => Promise.resolve(), remove });
  await vi.advanceTimersByTimeAsync(10_000);
  await removing;
  expect(remove).toHaveBeenCalledTimes(4);
});
