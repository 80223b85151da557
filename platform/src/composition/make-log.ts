import { makePinoLog, type PinoLog } from '../adapter/log-pino/pino-log.ts';
import { secretValues } from '../application/configuration/load-configuration.ts';
import type { PlatformOptions } from '../platform.ts';
import type { OpenProject } from './open-project.ts';

/** The log of a process: the start's wish wins over the configuration's format. */
export function makeLog(project: OpenProject, wish: PlatformOptions['log']): PinoLog {
  const { level, format } = project.configuration.log;
  return makePinoLog({
    level: wish === 'silent' ? 'silent' : level,
    format: wish === 'json' || wish === 'readable' ? wish : chooseFormat(format),
    secrets: secretValues(project.effective),
  });
}

function chooseFormat(format: 'auto' | 'json' | 'readable'): 'json' | 'readable' {
  if (format !== 'auto') return format;
  return process.stdout.isTTY ? 'readable' : 'json';
}
