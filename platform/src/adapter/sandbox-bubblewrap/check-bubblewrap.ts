import { BatutaError } from '@batuta/contract';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox, SandboxFinding, SandboxLimits, SandboxOptions } from '../../port/sandbox.ts';
import type { ControlGroups } from './control-groups.ts';
import { findProgram } from './find-program.ts';

/** What a check tries. */
export interface Patient {
  open: (options: SandboxOptions) => Sandbox;
  groups: () => ControlGroups | null;
}

const limits: SandboxLimits = {
  seconds: 10,
  memoryBytes: 128_000_000,
  processes: 32,
  cpus: 1,
  outputBytes: 10_000,
  workspaceBytes: 1_000_000,
  workspaceFiles: 100,
  temporaryBytes: 1_000_000,
};

/** Runs a command that does nothing, and says what is missing. */
export async function checkBubblewrap(patient: Patient): Promise<SandboxFinding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'batuta-sandbox-'));
  try {
    const reason = await tryOnce(patient, folder);
    if (reason !== undefined) return [{ message: reason, mend: mendOf(reason), isNeeded: true }];
    return [...withoutGroups(patient), ...withoutPython()];
  } catch (error) {
    if (!BatutaError.has(error, 'sandbox-unavailable')) throw error;
    return [{ message: error.data.reason, mend: error.data.mend, isNeeded: true }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Undefined when it worked. */
async function tryOnce({ open }: Patient, folder: string): Promise<string | undefined> {
  const sandbox = open({ folder, template: 'general', limits, network: { allowedHosts: [] } });
  let said = '';
  const output = (piece: Uint8Array): void => void (said += Buffer.from(piece).toString());
  const end = await sandbox.run({ program: 'true', arguments: [] }, { output });
  if (end.exitCode === 0) return undefined;
  return (
    end.problem ?? `a command that does nothing ended with ${end.exitCode ?? end.signal}: ${said.trim()}`
  );
}

function mendOf(reason: string): string {
  if (/namespace|user ns|uid map|Operation not permitted|Permission denied/i.test(reason)) {
    return 'This system forbids user namespaces: allow them (sysctl -w user.max_user_namespaces=15000, and on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile for bwrap), or set sandbox.kind to container.';
  }
  if (/proc/i.test(reason)) {
    return 'This container hides parts of /proc: start it with --security-opt systempaths=unconfined, or set sandbox.kind to container.';
  }
  return 'Set sandbox.kind to container, or see docs/guide/sandbox.md.';
}

function withoutGroups({ groups }: Patient): SandboxFinding[] {
  if (groups()) return [];
  const message =
    'no control groups can be made, so that memory and processes are limited for each process by itself';
  const mend =
    'Give the service a part of its own of the groups (systemd: Delegate=yes), or name one in sandbox.control_group.';
  return [{ message, mend, isNeeded: false }];
}

function withoutPython(): SandboxFinding[] {
  if (findProgram('python3') !== undefined) return [];
  const message = 'python3 is not installed, so run_python cannot run';
  return [{ message, mend: 'Install it: apt-get install python3.', isNeeded: false }];
}
