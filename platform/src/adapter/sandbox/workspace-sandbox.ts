import { mkdir, stat } from 'node:fs/promises';
import type { CommandFollower, Sandbox, SandboxCommand, SandboxProcess } from '../../port/sandbox.ts';
import { copyTree, emptyFolder, removeTree } from './copy-tree.ts';
import { makeWorkspaceFiles, requireRoom, type Workspace } from './workspace-files.ts';
import { refusedPath } from './workspace-path.ts';

/** What a kind of sandbox adds to the files of a workspace: how commands are started. */
export interface WorkspaceSandbox {
  workspace: Workspace;
  start: (command: SandboxCommand, follower: CommandFollower) => Promise<SandboxProcess>;
}

/** A sandbox on a folder of this machine. */
export function workspaceSandbox({ workspace, start }: WorkspaceSandbox): Sandbox {
  const { folder, owner } = workspace;
  const running = new Set<SandboxProcess>();
  const begin = async (command: SandboxCommand, follower: CommandFollower = {}): Promise<SandboxProcess> => {
    const started = await start(command, follower);
    running.add(started);
    void started.ended.then(() => running.delete(started));
    return started;
  };
  return {
    files: makeWorkspaceFiles(workspace),
    run: async (command, follower) => await (await begin(command, follower)).ended,
    start: begin,
    snapshot: async (target) => {
      await requireRoom(workspace, 0);
      await mkdir(target, { recursive: false, mode: 0o700 });
      return await copyTree(folder, target, null);
    },
    restore: async (source) => {
      if (!(await stat(source)).isDirectory()) throw refusedPath(source, 'it is not a snapshot');
      await emptyFolder(folder);
      await copyTree(source, folder, owner);
    },
    destroy: async () => {
      await Promise.all([...running].map((each) => each.stop()));
      await removeTree(folder);
    },
  };
}
