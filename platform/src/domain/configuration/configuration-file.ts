import { nearestClause } from '../definition/nearest-word.ts';
import type { PositionedYaml } from '../definition/positioned-yaml.ts';
import type { ConfigurationProblem } from './resolve-configuration.ts';
import { allSettings, snakeCase, type NamedSetting } from './settings.ts';

type File = { name: string; yaml: PositionedYaml } | undefined;

const settingNames = allSettings.map(({ name }) => name);
const groupNames = [...new Set(allSettings.map(({ group }) => snakeCase(group)))];

/** Keys of batuta.yaml that are no settings, and values that are no groups. */
export function checkFile(file: File): ConfigurationProblem[] {
  if (file === undefined) return [];
  const { value } = file.yaml;
  if (value === null) return [];
  if (!isObject(value)) {
    return [
      { name: file.name, source: `${file.name}:1`, reason: 'must be a map of groups, such as "server:"' },
    ];
  }
  return Object.entries(value).flatMap(([group, settings]) => checkGroup(file, group, settings));
}

function checkGroup(file: NonNullable<File>, group: string, settings: unknown): ConfigurationProblem[] {
  const source = (path: readonly string[]) => `${file.name}:${file.yaml.lineOf(path)}`;
  if (!groupNames.includes(group)) {
    const hint = nearestClause(group, groupNames) || `; known are ${groupNames.join(', ')}`;
    return [{ name: group, source: source([group]), reason: `is not a known group${hint}` }];
  }
  // A group whose lines are all comments.
  if (settings === null) return [];
  if (!isObject(settings)) {
    return [{ name: group, source: source([group]), reason: 'must be a map of settings' }];
  }
  return Object.keys(settings)
    .map((key) => ({ key, name: `${group}.${key}` }))
    .filter(({ name }) => !settingNames.includes(name))
    .map(({ key, name }) => ({
      name,
      source: source([group, key]),
      reason: `is not a known setting${nearestClause(name, settingNames)}`,
    }));
}

/** What the file says about a setting. A key without a value says nothing. */
export function valueAt(
  file: File,
  { name }: NamedSetting,
): { value: unknown; locate: (path: readonly PropertyKey[]) => string } | undefined {
  const [group = '', key = ''] = name.split('.');
  const settings = isObject(file?.yaml.value) ? file.yaml.value[group] : undefined;
  const value = isObject(settings) && Object.hasOwn(settings, key) ? settings[key] : undefined;
  if (file === undefined || value === undefined || value === null) return undefined;
  return { value, locate: (path) => `${file.name}:${file.yaml.lineOf([group, key, ...path])}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
