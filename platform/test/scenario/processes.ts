import type { RunStore } from '@batuta/platform/ports';
import { MemoryBusHub } from '@batuta/platform/composition';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';

/**
 * Runs a test on several platforms that share one database and hear each other, as processes of a cluster do. The options of the first
 * one say which database.
 */
export async function withProcesses<const Options extends readonly TestPlatformOptions[]>(
  options: Options,
  test: (...platforms: { [Key in keyof Options]: TestPlatform }) => Promise<void>,
): Promise<void> {
  const hub = new MemoryBusHub();
  const platforms: TestPlatform[] = [];
  try {
    for (const each of options) {
      const share = platforms[0] ? { share: platforms[0] } : {};
      platforms.push(await startTestPlatform({ bus: hub.connect(), ...each, ...share }));
    }
    await test(...(platforms as { [Key in keyof Options]: TestPlatform }));
  } finally {
    for (const platform of platforms.toReversed()) await platform.stop(0);
    platforms[0]?.stores.release();
  }
}

/** The run when it has ended, at most 10 s later. */
export function ended(platform: TestPlatform, id: string) {
  const { signal } = new AbortController();
  return platform.application.runs.waitForEnd(platform.identity, id, { seconds: 10, signal });
}

/** Starts a run of the agent `assistant` and does not wait for it. */
export function accept(platform: TestPlatform, input = 'Go', sessionId?: string) {
  const session = sessionId === undefined ? {} : { session_id: sessionId };
  return platform.application.runs.accept(platform.identity, { agent: 'assistant', input, ...session });
}

/** A store of which some methods are replaced. */
export function replaced(store: RunStore, methods: Partial<RunStore>): RunStore {
  return new Proxy(store, {
    get: (target, name) => {
      const own: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}
