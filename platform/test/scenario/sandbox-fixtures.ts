import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { makeUnconfinedProvider } from '../../src/adapter/sandbox-none/unconfined-sandbox.ts';
import { makeWorkspaceFolders } from '../../src/adapter/sandbox/workspace-folders.ts';
import { makeSandboxTools } from '../../src/adapter/tool-sandbox/sandbox-tools.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { WorkspaceKeeper } from '../../src/application/sandbox/workspace-keeper.ts';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import type { SandboxLimits } from '../../src/port/sandbox.ts';
import { testLimits } from '../sandbox/open-sandbox.ts';

const quiet = (): void => undefined;
const silentLog = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const network = { allowedHosts: [] };
const noRules = [{ permissions: [] }];

/** Runs a test on a platform with real workspaces, whose agent has no rules: the defaults decide. */
export async function withWorkspaceTools(
  options: TestPlatformOptions & { kind?: 'bubblewrap' | 'none'; limits?: Partial<SandboxLimits> },
  test: (platform: TestPlatform) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'batuta-runs-'));
  const { kind = 'bubblewrap', limits: changed, ...rest } = options;
  const limits = { ...testLimits, ...changed };
  const provider =
    kind === 'none' ? makeUnconfinedProvider() : makeBubblewrapProvider({ user: 2000, folders: [] });
  const opened = Promise.withResolvers<WorkspaceKeeper>();
  const tools = makeSandboxTools({
    open: async (context, template) => (await opened.promise).open(context, template),
    limits,
    confines: provider.confines,
    reachesOut: false,
  }).map((definition) => makeExecutableTool(definition, 60));
  const platform = await startTestPlatform({
    agents: noRules,
    ...rest,
    tools: [...tools, ...(rest.tools ?? [])],
  });
  const parts = { provider, folders: makeWorkspaceFolders(root), settings: { limits, network } };
  const store = platform.stores.workspaceStore;
  opened.resolve(new WorkspaceKeeper({ ...parts, store, clock: systemClock, log: silentLog }));
  try {
    await test(platform);
  } finally {
    await platform.stop(0);
    await (await opened.promise).stop();
    platform.stores.release();
    rmSync(root, { recursive: true, force: true });
  }
}
