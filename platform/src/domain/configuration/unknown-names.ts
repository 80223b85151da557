import { hintFor, nearestClause } from '../definition/nearest-word.ts';
import type { ConfigurationProblem } from './resolve-configuration.ts';
import { allSettings } from './settings.ts';

/** Variables of the command line's client, which are no settings of the server. */
const otherVariables = ['BATUTA_URL', 'BATUTA_KEY', 'BATUTA_KEY_FILE', 'BATUTA_PROJECT'];

/** Every variable that means something here. */
export const knownVariables: readonly string[] = allSettings
  .flatMap(({ setting }) =>
    setting.secret ? [setting.variable, `${setting.variable}_FILE`] : [setting.variable],
  )
  .concat(otherVariables);

/** A warning for each variable that looks like ours and means nothing. */
export function checkVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('BATUTA_') && !knownVariables.includes(name))
    .map(
      (name) =>
        `The environment variable ${name} is not known and has no effect.${hintFor(name, knownVariables)}`,
    );
}

/** Settings given on the command line that do not exist. */
export function checkOverrides(overrides: Readonly<Record<string, string>>): ConfigurationProblem[] {
  const names = allSettings.map(({ name }) => name);
  return Object.keys(overrides)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      name,
      source: 'command line',
      reason: `is not a known setting${nearestClause(name, names)}`,
    }));
}
