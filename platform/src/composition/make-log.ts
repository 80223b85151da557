import { secretNameOf } from '@batuta/contract';
import { makePinoLog, type PinoLog } from '../adapter/log-pino/pino-log.ts';
import { makeSecretlintRules } from '../adapter/secretlint/secretlint-rules.ts';
import { secretValues } from '../application/configuration/load-configuration.ts';
import { Redactor } from '../application/redaction/redactor.ts';
import type { PlatformOptions } from '../platform.ts';
import type { OpenProject } from './open-project.ts';

/** The log of a process, and what takes secrets out of it and of everything else that leaves the process. */
export interface ProcessLog {
  log: PinoLog;
  redactor: Redactor;
}

/** Makes the log of a process: the start's wish wins over the configuration's format. */
export function makeLog(
  project: OpenProject,
  { log: wish, environment }: Pick<PlatformOptions, 'log' | 'environment'>,
): ProcessLog {
  const { level, format } = project.configuration.log;
  const redactor = makeRedactor(project, {
    environment,
    onFailure: (error) => log.error('the rules for secrets failed', { error }),
  });
  const log = makePinoLog({
    level: wish === 'silent' ? 'silent' : level,
    format: wish === 'json' || wish === 'readable' ? wish : chooseFormat(format),
    redactText: (text) => redactor.line(text),
  });
  return { log, redactor };
}

function chooseFormat(format: 'auto' | 'json' | 'readable'): 'json' | 'readable' {
  if (format !== 'auto') return format;
  return process.stdout.isTTY ? 'readable' : 'json';
}

/** Knows the secrets of the configuration, and the keys in variables that it names. */
function makeRedactor(
  { configuration, effective }: OpenProject,
  surroundings: { environment: PlatformOptions['environment']; onFailure: (error: unknown) => void },
): Redactor {
  const rules = makeSecretlintRules(surroundings.onFailure);
  const redactor = new Redactor(rules, configuration.redaction.personalData);
  for (const { name, value } of secretValues(effective)) {
    if (secretNameOf(value) === undefined) redactor.knowPlatformValue(value, name);
  }
  for (const { api_key_variable: variable } of Object.values(configuration.model.endpoints)) {
    const value = variable === undefined ? undefined : surroundings.environment[variable];
    if (variable !== undefined && value !== undefined) redactor.knowPlatformValue(value, variable);
  }
  return redactor;
}
