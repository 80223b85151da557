import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHttpFetchTool } from '../../src/adapter/http-fetch/http-fetch.ts';
import { openProjectFolder } from '../../src/adapter/project-folder/project-folder.ts';
import { makeCalculatorTool } from '../../src/adapter/tool-builtin/calculator.ts';
import { currentTimeTool } from '../../src/adapter/tool-builtin/current-time.ts';
import { readArtifactTool } from '../../src/adapter/tool-builtin/read-artifact.ts';
import { makeSkillTools } from '../../src/adapter/tool-skill/skill-tools.ts';
import { makeToolModules } from '../../src/adapter/tool-module/tool-modules.ts';
import { loadConfiguration } from '../../src/application/configuration/load-configuration.ts';
import {
  loadDefinitions,
  type LoadedDefinitions,
} from '../../src/application/definition/load-definitions.ts';
import { loadTools } from '../../src/application/tool/load-tools.ts';
import { makeToolCatalogue } from '../../src/application/tool/tool-catalogue.ts';
import { makeWeb } from '../../src/composition/make-web.ts';
import { allSettings } from '../../src/domain/configuration/settings.ts';
import { readYaml } from '../../src/domain/definition/positioned-yaml.ts';

const root = join(import.meta.dirname, '../../..');

async function loadShipped() {
  const folder = await openProjectFolder(root);
  const loaded = await loadConfiguration({ folder, environment: {} });
  if (!loaded.ok) throw new AggregateError(loaded.problems);
  const { httpFetch, tool } = loaded.configuration;
  const builtin = [
    currentTimeTool,
    readArtifactTool,
    makeCalculatorTool().tool,
    makeHttpFetchTool({ limits: httpFetch }),
    ...makeWeb(loaded.configuration).tools,
    ...makeSkillTools({ library: () => definitions.skills, unpack: async () => null }),
  ];
  const modules = makeToolModules(root);
  const { tools, problems } = await loadTools({ builtin, modules, timeoutSeconds: tool.timeoutSeconds });
  const definitions: LoadedDefinitions = await loadDefinitions({
    folder,
    providers: ['offline'],
    toolsFor: (agents) => makeToolCatalogue({ tools, agents: () => agents }),
  });
  return { tools, problems: [...problems, ...definitions.problems], definitions };
}

test('the agents that ship are sound, and their tools exist', async () => {
  const { problems, definitions, tools } = await loadShipped();
  expect(problems).toEqual([]);
  expect(definitions.skills.list().map(({ name }) => name)).toContain('meeting-notes');
  const names = definitions.agents.list().map(({ definition }) => definition.name);
  expect(names).toEqual(expect.arrayContaining(['assistant', 'researcher']));
  const catalogue = makeToolCatalogue({ tools, agents: () => definitions.agents });
  const researcher = definitions.agents.find('researcher')?.definition.tools ?? [];
  expect(catalogue.resolve(researcher).tools.map(({ name }) => name)).toEqual([
    'http_fetch',
    'read_artifact',
    'agent_assistant',
  ]);
});

test('every default that batuta.yaml shows is the default', async () => {
  const text = await readFile(join(root, 'batuta.yaml'), 'utf8');
  const yaml = readYaml(text.replaceAll(/^ {2}# (?=[a-z_]+: )/gm, '  '));
  const groups = Object.entries((yaml.ok ? yaml.yaml.value : {}) as Record<string, Record<string, unknown>>);
  const shown = groups.flatMap(([group, keys]) =>
    Object.entries(keys).map(([key, value]) => [`${group}.${key}`, value] as const),
  );
  const defaults = new Map(allSettings.map(({ name, setting }) => [name, setting.default]));
  expect(shown.length).toBeGreaterThan(15);
  expect(shown).toEqual(shown.map(([name]) => [name, defaults.get(name)]));
});
