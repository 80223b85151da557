import { nearestClause } from '../definition/nearest-word.ts';
import { secretNameOf } from '@batuta/contract';
import type { PositionedYaml } from '../definition/positioned-yaml.ts';
import { unlimited } from '../limit/plan.ts';
import { checkFile, valueAt } from './configuration-file.ts';
import type { Read } from './setting.ts';
import { allSettings, type Configuration, type NamedSetting } from './settings.ts';
import { checkOverrides, checkVariables } from './unknown-names.ts';

/** Everything that can say something about the configuration, the strongest first. */
export interface ConfigurationSources {
  /** From the command line: setting name to text. */
  overrides: Readonly<Record<string, string>>;
  environment: Readonly<Record<string, string | undefined>>;
  /** Contents of the files that `*_FILE` variables name, by the name of the secret's own variable. */
  secretFiles: ReadonlyMap<string, Read<string>>;
  file: { name: string; yaml: PositionedYaml } | undefined;
}

/** Something wrong with one setting: `{name} (from {source}) {reason}.` */
export interface ConfigurationProblem {
  name: string;
  source: string;
  reason: string;
}

/** One setting as it is in force. */
export interface EffectiveSetting {
  setting: NamedSetting;
  value: unknown;
  /** `default`, `batuta.yaml:3`, `environment BATUTA_PORT`, `file of BATUTA_ADMIN_KEY_FILE`, `command line`. */
  source: string;
}

export interface ResolvedConfiguration {
  /** Whole even when there are problems: what is wrong has its default. */
  configuration: Configuration;
  effective: EffectiveSetting[];
  problems: ConfigurationProblem[];
  /** What did not stop the start: one sentence each. */
  warnings: string[];
}

const shortestGoodKey = 16;

/** What one source says about a setting. */
interface Saying {
  source: string;
  read: Read<unknown>;
  /** Where a part of the value stands; undefined where the whole is all that can be named. */
  locate?: (path: readonly PropertyKey[]) => string;
}

/** Joins the sources: command line over environment over file over default. All problems are found at once. */
export function resolveConfiguration(sources: ConfigurationSources): ResolvedConfiguration {
  const problems: ConfigurationProblem[] = [...checkOverrides(sources.overrides), ...checkFile(sources.file)];
  const warnings = checkVariables(sources.environment);
  const effective = allSettings.map((setting) => {
    const { sayings, conflicts } = sayingsOf(setting, sources);
    problems.push(...conflicts, ...refused(setting.name, sayings));
    const first = sayings.find(({ read }) => read.ok);
    return first?.read.ok === true
      ? { setting, value: first.read.value, source: first.source }
      : { setting, value: setting.setting.default, source: 'default' };
  });
  const configuration = assemble(effective);
  problems.push(...unknownPlan(configuration, effective));
  warnings.push(...secretsInFile(effective), ...weakKey(configuration));
  return { configuration, effective, problems, warnings };
}

function refused(name: string, sayings: readonly Saying[]): ConfigurationProblem[] {
  return sayings.flatMap(({ source, read, locate }) => {
    if (read.ok) return [];
    if (!read.faults || !locate) return [{ name, source, reason: read.reason }];
    return read.faults.map(({ path, reason }) => ({ name, source: locate(path), reason }));
  });
}

function sayingsOf(
  named: NamedSetting,
  sources: ConfigurationSources,
): { sayings: Saying[]; conflicts: ConfigurationProblem[] } {
  const { name, setting } = named;
  const { variable } = setting;
  const override = sources.overrides[name];
  // Compose files pass variables that are not set as empty texts.
  const own = sources.environment[variable] || undefined;
  const secretFile = sources.secretFiles.get(variable);
  const inFile = valueAt(sources.file, named);
  const sayings: Saying[] = [];
  if (override !== undefined) sayings.push({ source: 'command line', read: setting.readText(override) });
  if (own !== undefined) sayings.push({ source: `environment ${variable}`, read: setting.readText(own) });
  if (secretFile !== undefined) {
    const read = secretFile.ok ? setting.readText(secretFile.value.trim()) : secretFile;
    sayings.push({ source: `file of ${variable}_FILE`, read });
  }
  if (inFile !== undefined) {
    const { value, locate } = inFile;
    sayings.push({ source: locate([]), read: setting.read(value), locate });
  }
  const both = own !== undefined && secretFile !== undefined;
  const reason = `is set twice, by ${variable} and ${variable}_FILE: unset one of them`;
  return { sayings, conflicts: both ? [{ name, source: `environment ${variable}_FILE`, reason }] : [] };
}

function secretsInFile(effective: readonly EffectiveSetting[]): string[] {
  return effective
    .filter(({ setting, source, value }) => {
      const isReference = secretNameOf(String(value)) !== undefined;
      return setting.setting.secret && source.startsWith('batuta.') && !isReference;
    })
    .map(({ setting: { name, setting }, source }) => {
      return `${name} is a secret and stands in ${source}: better set ${setting.variable} or ${setting.variable}_FILE.`;
    });
}

function weakKey({ server: { adminKey } }: Configuration): string[] {
  const weak = adminKey !== undefined && adminKey.length < shortestGoodKey;
  return weak
    ? [`server.admin_key has fewer than ${shortestGoodKey} characters, so it could be guessed.`]
    : [];
}

/** The default plan must be one that is configured. */
function unknownPlan(
  { limits }: Configuration,
  effective: readonly EffectiveSetting[],
): ConfigurationProblem[] {
  const names = [...Object.keys(limits.plans), unlimited];
  if (names.includes(limits.defaultPlan)) return [];
  const name = 'limits.default_plan';
  const source = effective.find(({ setting }) => setting.name === name)?.source ?? 'default';
  const hint = nearestClause(limits.defaultPlan, names) || `; known are ${names.join(', ')}`;
  return [
    { name, source, reason: `names the plan "${limits.defaultPlan}", which is not in limits.plans${hint}` },
  ];
}

function assemble(effective: readonly EffectiveSetting[]): Configuration {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const { setting, value } of effective) (groups[setting.group] ??= {})[setting.key] = value;
  // Sound by construction: each group and key comes from the schema, each value from its own reader or default.
  return groups as Configuration;
}
