import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '../failure.ts';
import { formatBytes } from '../terminal/quantity.ts';
import type { Finding, Patient } from './finding.ts';

const littleBytes = 1_000_000_000;
const tooLittleBytes = 100_000_000;

/** Whether the data directory can be written and has room, and whether its key file is private. */
export function checkDataFolder(patient: Patient): Finding[] {
  const { dataFolder } = patient.configuration;
  return [checkDisk(patient, nearestExisting(dataFolder)), ...checkKeyFile(patient)];
}

function checkDisk({ context, configuration }: Patient, existing: string): Finding {
  const { say } = context;
  const folder = configuration.dataFolder;
  try {
    accessSync(existing, constants.W_OK);
  } catch (error) {
    const message = say('doctor.folderNotWritable', { folder, reason: reasonOf(error) });
    return { check: 'disk', level: 'problem', message, mend: say('doctor.folderMend') };
  }
  const disk = statfsSync(existing);
  const bytes = disk.bavail * disk.bsize;
  const message = say('doctor.disk', { free: formatBytes(bytes), folder });
  if (bytes >= littleBytes) return { check: 'disk', level: 'ok', message };
  const level = bytes < tooLittleBytes ? 'problem' : 'warning';
  return { check: 'disk', level, message, mend: say('doctor.diskMend') };
}

function checkKeyFile({ context, configuration }: Patient): Finding[] {
  const { keyFile: file } = configuration;
  const mode = (statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  if ((mode & 0o077) === 0) return [];
  const message = context.say('doctor.keyOpen', { file, mode: mode.toString(8) });
  return [{ check: 'key', level: 'problem', message, mend: context.say('doctor.keyMend', { file }) }];
}

function nearestExisting(folder: string): string {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestExisting(parent);
}
