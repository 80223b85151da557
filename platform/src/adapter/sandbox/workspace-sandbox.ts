import { BatutaError } from '@batuta/contract';
import { mkdir, rename, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CommandFollower, Sandbox, SandboxCommand, SandboxProcess } from '../../port/sandbox.ts';
import { RunningCommands } from './running-commands.ts';
import { copyTree, emptyFolder, removeTree } from './copy-tree.ts';
import { makeWorkspaceFiles, requireRoom, type Workspace } from './workspace-files.ts';

/** What a kind of sandbox adds to the files of a workspace: how commands are started. */
export interface WorkspaceSandbox {
  workspace: Workspace;
  start: (command: SandboxCommand, follower: CommandFollower) => Promise<SandboxProcess>;
  terminal: Sandbox['terminal'];
}

/** A sandbox on a folder of this machine. */
export function workspaceSandbox({ workspace, start, terminal }: WorkspaceSandbox): Sandbox {
  const { folder, owner } = workspace;
  const running = new RunningCommands();
  const begin = async (command: SandboxCommand, follower: CommandFollower = {}): Promise<SandboxProcess> =>
    await running.add(start(command, follower));
  return {
    files: makeWorkspaceFiles(workspace),
    run: async (command, follower) => await (await begin(command, follower)).ended,
    start: begin,
    terminal: async (command, size, follower) => await running.add(terminal(command, size, follower)),
    snapshot: async (target) => {
      await requireRoom(workspace, 0);
      const draft = `${target}.new`;
      await removeTree(draft);
      await mkdir(draft, { mode: 0o700 });
      const size = await copyTree(folder, draft, null);
      await removeTree(target);
      await rename(draft, target);
      return size;
    },
    restore: async (source) => {
      const found = await stat(source).catch(() => undefined);
      if (!found?.isDirectory()) throw new BatutaError('snapshot-unknown', { name: basename(source) });
      await emptyFolder(folder);
      await copyTree(source, folder, owner);
    },
    destroy: async () => {
      await running.stopAll();
      await removeTree(folder);
    },
  };
}
