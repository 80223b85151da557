import { statSync } from 'node:fs';
import type { CommandContext } from '../command-context.ts';
import type { Finding } from './finding.ts';

const leastNode = 24;

/** The Node version that runs this command. */
export function checkNode({ say }: Pick<CommandContext, 'say'>, version = process.versions.node): Finding {
  const message = say('doctor.node', { version });
  if (Number.parseInt(version, 10) >= leastNode) return { check: 'node', level: 'ok', message };
  return { check: 'node', level: 'problem', message, mend: say('doctor.nodeMend') };
}

/** The project folder. */
export function checkProject({ say, projectFolder: folder }: CommandContext): Finding {
  const message = say('doctor.project', { folder });
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) return { check: 'project', level: 'ok', message };
  return { check: 'project', level: 'problem', message, mend: say('doctor.projectMend') };
}
