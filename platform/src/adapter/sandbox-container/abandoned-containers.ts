import { hostname } from 'node:os';
import type Docker from 'dockerode';
import { removeContainer } from './container-end.ts';

const [processLabel, hostLabel] = ['dev.batuta.process', 'dev.batuta.host'];

/** Says whose a container is. */
export const ownLabels: Readonly<Record<string, string>> = {
  [processLabel]: String(process.pid),
  [hostLabel]: hostname(),
};

/** Removes containers of processes of this machine that were killed: nobody else would. Contract: never rejects. */
export async function removeAbandoned(docker: Docker): Promise<void> {
  const label = [`${hostLabel}=${hostname()}`];
  const found = await docker.listContainers({ all: true, filters: { label } }).catch(() => []);
  const abandoned = found.filter(({ Labels: labels }) => isGone(Number(labels[processLabel])));
  await Promise.all(
    abandoned.map(async ({ Id: id }) => {
      await removeContainer(docker.getContainer(id));
    }),
  );
}

function isGone(processId: number): boolean {
  if (!Number.isSafeInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
