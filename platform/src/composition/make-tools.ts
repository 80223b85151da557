import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { makeHttpFetchTool } from '../adapter/http-fetch/http-fetch.ts';
import { makeCalculatorTool } from '../adapter/tool-builtin/calculator.ts';
import { currentTimeTool } from '../adapter/tool-builtin/current-time.ts';
import { readArtifactTool } from '../adapter/tool-builtin/read-artifact.ts';
import type { SandboxTools } from '../adapter/tool-sandbox/sandbox-tools.ts';
import { makeToolModules } from '../adapter/tool-module/tool-modules.ts';
import { loadDefinitions, type LoadedDefinitions } from '../application/definition/load-definitions.ts';
import type { ConsentPlace } from '../application/authorization/authorizations.ts';
import { loadTools } from '../application/tool/load-tools.ts';
import { makeToolCatalogue } from '../application/tool/tool-catalogue.ts';
import { BatutaError } from '@batuta/contract';
import type { BrowserSessions } from '../application/browser/browser-sessions.ts';
import type { WindowStates } from '../application/browser/window-states.ts';
import type { AgentCatalogue } from '../port/agent-catalogue.ts';
import type { Log } from '../port/log.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';
import type { SecretReader, SecretSealer } from '../port/secret-store.ts';
import type { GrantOwner, GrantStore } from '../port/grant-store.ts';
import type { SkillLibrary } from '../port/skill-library.ts';
import type { ToolSource } from '../port/tool-source.ts';
import type { ToolCatalogue } from '../port/tool.ts';
import { makeBrowser } from './make-browser.ts';
import { makeWeb } from './make-web.ts';
import { openapiSources } from './make-openapi.ts';
import { makeToolServers } from './make-tool-servers.ts';
import { skillToolsOf } from './make-skills.ts';
import { sandboxTools } from './make-sandbox.ts';
import type { OpenProject } from './open-project.ts';

/** The tools and agents of a project. */
export interface ProjectDefinitions {
  agents: AgentCatalogue;
  tools: ToolCatalogue;
  skills: SkillLibrary;
  definitions: LoadedDefinitions;
  problems: BatutaError[];
  /** Services at which people consent. */
  consentPlaces: readonly ConsentPlace[];
  browserSessions: BrowserSessions;
  /** Ends what tools have started. */
  close(): Promise<void>;
}

/** What sources of tools need besides the project. */
export interface SourceParts {
  secrets: SecretReader & SecretSealer;
  grants: GrantStore;
  limiter: RateLimiter;
  log: Log;
  /** Where cookies of browser windows outlast the process. */
  windowStates?: WindowStates | undefined;
  /** Opens the workspace of a session; absent: commands are switched off. */
  openWorkspace?: SandboxTools['open'] | undefined;
}

/** Loads the tools of the platform and of the project, and the agents that use them. Without `outside`, nothing is connected to. */
export async function loadProject(
  project: OpenProject,
  providers: readonly string[],
  outside?: SourceParts,
): Promise<ProjectDefinitions> {
  const { configuration, folder } = project;
  const calculator = makeCalculatorTool();
  const web = makeWeb(configuration);
  const browser = makeBrowser(configuration, {
    log: outside?.log ?? silent,
    states: outside?.windowStates ?? null,
  });
  const { sources, consentPlaces } = outside ? await makeSources(project, outside) : namesOfSources(project);
  const { tools, problems } = await loadTools({
    builtin: [
      currentTimeTool,
      calculator.tool,
      readArtifactTool,
      makeHttpFetchTool({ limits: configuration.httpFetch }),
      ...browser.tools,
      ...web.tools,
      ...sandboxTools(configuration, outside?.openWorkspace ?? noWorkspace),
      ...skillToolsOf(() => defined, outside?.openWorkspace),
    ],
    modules: makeToolModules(folder.path),
    timeoutSeconds: configuration.tool.timeoutSeconds,
  });
  const toolsFor = (agents: AgentCatalogue) => makeToolCatalogue({ tools, agents: () => agents, sources });
  const definitions = await loadDefinitions({ folder, providers, toolsFor });
  const { agents } = definitions;
  const defined = { agents, tools: toolsFor(agents), skills: definitions.skills };
  return {
    ...defined,
    definitions,
    consentPlaces,
    browserSessions: browser.sessions,
    problems: [...problems, ...definitions.problems],
    close: async () => {
      await Promise.all([
        calculator.close(),
        browser.close(),
        web.close(),
        ...sources.map((source) => source.close()),
      ]);
    },
  };
}

interface Sources {
  sources: ToolSource[];
  consentPlaces: ConsentPlace[];
}

/** The sources of batuta.yaml, which begin to connect. */
async function makeSources(project: OpenProject, outside: SourceParts): Promise<Sources> {
  const { configuration, folder, environment } = project;
  const parts = { ...outside, clock: systemClock, configuration, environment, projectFolder: folder.path };
  const servers = await makeToolServers(parts);
  const consentPlaces = servers.flatMap(({ source, consents }) =>
    consents ? [{ consents, changed: (owner: GrantOwner) => void source.ownerChanged(owner) }] : [],
  );
  const apis = await openapiSources(parts);
  const places = apis.consents.map((consents) => ({ consents, changed: () => undefined }));
  return {
    sources: [...servers.map(({ source }) => source), ...apis.sources],
    consentPlaces: [...consentPlaces, ...places],
  };
}

/** The sources of batuta.yaml by their names only, so that agents may name their tools. */
function namesOfSources({ configuration }: OpenProject): Sources {
  const servers = Object.keys(configuration.mcp.servers).map((name) => `mcp:${name}`);
  const apis = Object.keys(configuration.openapi.apis).map((name) => `openapi:${name}`);
  return { sources: [...servers, ...apis].map(unconnectedSource), consentPlaces: [] };
}

function unconnectedSource(name: string): ToolSource {
  return {
    name,
    revision: 0,
    tools: () => [],
    status: () => ({ state: 'starting', tools: 0, problems: [] }),
    settled: Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Who only looks at a project runs nothing in it. */
function noWorkspace(): never {
  throw new BatutaError('sandbox-off', {});
}

/** Where nothing is connected to, nothing is told. */
const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
