import { resolve } from 'node:path';
import { BatutaError } from '@batuta/contract';
import {
  resolveConfiguration,
  type ConfigurationSources,
  type EffectiveSetting,
} from '../../domain/configuration/resolve-configuration.ts';
import type { Read } from '../../domain/configuration/setting.ts';
import { allSettings, type Configuration } from '../../domain/configuration/settings.ts';
import { readYaml } from '../../domain/definition/positioned-yaml.ts';
import type { ProjectFolder } from '../../port/project-folder.ts';

export interface LoadConfiguration {
  folder: ProjectFolder;
  environment: Readonly<Record<string, string | undefined>>;
  /** Setting name to text, from the command line: they win over every other source. */
  overrides?: Readonly<Record<string, string>>;
}

/** The configuration and where each value came from. */
export interface LoadedConfiguration {
  configuration: Configuration;
  effective: EffectiveSetting[];
  warnings: string[];
}

/** All that is wrong with a configuration, at once. */
export interface RefusedConfiguration {
  problems: BatutaError<'configuration-invalid'>[];
  warnings: string[];
}

/** Reads the configuration of a project. A configuration with any problem is refused as a whole. */
export async function loadConfiguration(
  input: LoadConfiguration,
): Promise<({ ok: true } & LoadedConfiguration) | ({ ok: false } & RefusedConfiguration)> {
  const { folder, environment, overrides = {} } = input;
  const [file, secretFiles] = await Promise.all([readFile(folder), readSecretFiles(folder, environment)]);
  const resolved = resolveConfiguration({ overrides, environment, secretFiles, file: file.file });
  const problems = [...file.problems, ...resolved.problems];
  const { warnings, effective } = resolved;
  if (problems.length > 0) {
    return {
      ok: false,
      warnings,
      problems: problems.map((problem) => new BatutaError('configuration-invalid', problem)),
    };
  }
  return { ok: true, configuration: withAbsolutePaths(resolved.configuration, folder), effective, warnings };
}

/** The configuration with every value shown as text, secrets masked: what `batuta config` prints. */
export function effectiveConfiguration(
  effective: readonly EffectiveSetting[],
): { name: string; value: string; source: string; description: string }[] {
  return effective.map(({ setting: { name, setting }, value, source }) => ({
    name,
    value: setting.secret ? masked(value) : shown(value),
    source,
    description: setting.about,
  }));
}

/** Values that must never be logged or shown, with the names of their settings. */
export function secretValues(effective: readonly EffectiveSetting[]): { name: string; value: string }[] {
  return effective.flatMap(({ setting, value }) =>
    setting.setting.secret && typeof value === 'string' ? [{ name: setting.name, value }] : [],
  );
}

function masked(value: unknown): string {
  return value === undefined ? '(not set)' : '********';
}

function shown(value: unknown): string {
  if (value === undefined) return '(not set)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function readFile(folder: ProjectFolder): Promise<{
  file: ConfigurationSources['file'];
  problems: { name: string; source: string; reason: string }[];
}> {
  const found = await folder.configurationFile();
  if (found === undefined) return { file: undefined, problems: [] };
  const name = found.file;
  const refuse = (line: number, reason: string) => ({ name, source: `${name}:${line}`, reason });
  if (found.content === null) {
    return {
      file: undefined,
      problems: [refuse(1, `is not usable: ${found.reason ?? 'it cannot be read'}`)],
    };
  }
  const yaml = readYaml(new TextDecoder().decode(found.content));
  if (yaml.ok) return { file: { name, yaml: yaml.yaml }, problems: [] };
  return { file: undefined, problems: yaml.problems.map(({ line, reason }) => refuse(line, `is ${reason}`)) };
}

async function readSecretFiles(
  folder: ProjectFolder,
  environment: LoadConfiguration['environment'],
): Promise<Map<string, Read<string>>> {
  const named = allSettings.flatMap(({ setting: { secret, variable } }) => {
    const path = environment[`${variable}_FILE`];
    return secret && path !== undefined && path !== '' ? [{ variable, path }] : [];
  });
  const read = await Promise.all(
    named.map(async ({ variable, path }) => [variable, await readSecret(folder, path)] as const),
  );
  return new Map(read);
}

async function readSecret(folder: ProjectFolder, path: string): Promise<Read<string>> {
  try {
    const value = (await folder.readText(path)).trim();
    return value === '' ? { ok: false, reason: `cannot be read: ${path} is empty` } : { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      reason: `cannot be read: ${path}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function withAbsolutePaths(configuration: Configuration, folder: ProjectFolder): Configuration {
  const { database } = configuration;
  return { ...configuration, database: { ...database, dataDir: resolve(folder.path, database.dataDir) } };
}
