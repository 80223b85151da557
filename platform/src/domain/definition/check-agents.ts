import { checkRules, type KnownTools } from './check-rules.ts';
import type { FileProblem } from './definition-file.ts';
import { hintFor } from './nearest-word.ts';
import type { AgentFile } from './parse-agent-file.ts';
import { unknownTool } from './unknown-tool.ts';

/** What agent files may refer to. */
export interface Surroundings extends KnownTools {
  /** Providers of models: what stands before the `/` of a reference. */
  providers: readonly string[];
}

type Path = readonly PropertyKey[];

/** What a set of agent files gets wrong about each other and about the models and tools that exist. */
export function checkAgents(files: readonly AgentFile[], surroundings: Surroundings): FileProblem[] {
  return [
    ...duplicates(files),
    ...files.flatMap((agent) => [
      ...checkModels(agent, surroundings),
      ...checkTools(agent, surroundings),
      ...checkRules({ ...agent, rules: agent.definition.permissions, key: 'permissions' }, surroundings),
    ]),
  ];
}

/** The first file of a name counts; each further one is a problem. */
function duplicates(files: readonly AgentFile[]): FileProblem[] {
  const first = new Map<string, string>();
  return files.flatMap(({ file, definition: { name }, lineOf }) => {
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, file);
      return [];
    }
    const reason = `there is another agent "${name}" in ${other}`;
    return [{ file, line: lineOf(['name']), reason, hint: ' Rename or remove one of them.' }];
  });
}

function checkModels({ file, definition, lineOf }: AgentFile, { providers }: Surroundings): FileProblem[] {
  const { model = [], tiers = {} } = definition;
  const named = [
    // A word without a `/` is a tier.
    ...(typeof model === 'string' && !model.includes('/') ? [] : referencesAt(model, ['model'])),
    ...Object.entries(tiers).flatMap(([tier, models]) => referencesAt(models, ['tiers', tier])),
  ];
  return named.flatMap(({ reference, path }) => {
    const provider = reference.slice(0, reference.indexOf('/'));
    if (providers.includes(provider)) return [];
    const hint = hintFor(provider, providers) || ` Known: ${providers.join(', ')}.`;
    return [
      { file, line: lineOf(path), reason: `"${reference}": there is no model provider "${provider}"`, hint },
    ];
  });
}

function referencesAt(
  models: string | readonly string[] | undefined,
  path: Path,
): { reference: string; path: Path }[] {
  if (models === undefined) return [];
  if (typeof models === 'string') return [{ reference: models, path }];
  return models.map((reference, index) => ({ reference, path: [...path, index] }));
}

function checkTools({ file, definition, lineOf }: AgentFile, surroundings: Surroundings): FileProblem[] {
  const named = definition.tools.map((reference, index) => ({ reference, path: ['tools', index] }));
  const unknown = new Set(surroundings.unknownTools(named.map(({ reference }) => reference)));
  return named
    .filter(({ reference }) => unknown.has(reference))
    .map(({ reference, path }) => ({
      file,
      line: lineOf(path),
      ...unknownTool(reference, surroundings.toolNames),
    }));
}
