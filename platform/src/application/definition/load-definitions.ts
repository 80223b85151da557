import { BatutaError, type TeamFrontMatter } from '@batuta/contract';
import { checkAgents, type Surroundings } from '../../domain/definition/check-agents.ts';
import { checkRules } from '../../domain/definition/check-rules.ts';
import { definitionHash } from '../../domain/definition/definition-hash.ts';
import type { FileProblem, Parsed } from '../../domain/definition/definition-file.ts';
import { nameOfFile, parseAgentFile, type AgentFile } from '../../domain/definition/parse-agent-file.ts';
import { parsePolicyFile } from '../../domain/definition/parse-policy-file.ts';
import { placePolicies } from '../../domain/definition/place-policies.ts';
import { parseTeamFile } from '../../domain/definition/parse-team-file.ts';
import type { ProjectPolicies } from '../../domain/policy/project-policies.ts';
import type { Skill, SkillLibrary } from '../../port/skill-library.ts';
import { giveSkills, loadSkills, makeSkillLibrary } from './load-skills.ts';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { ProjectFolder } from '../../port/project-folder.ts';
import type { DefinitionRecord } from '../../port/run-record.ts';
import type { ToolCatalogue } from '../../port/tool.ts';
import { makeAgentCatalogue } from './agent-catalogue.ts';

export interface LoadDefinitions {
  folder: ProjectFolder;
  /** Providers of models that exist, with and without a key. */
  providers: readonly string[];
  /** Makes the tools that exist for a set of agents. */
  toolsFor: (agents: AgentCatalogue) => ToolCatalogue;
}

/** What a project folder defines. Files with problems are left out; the others are there. */
export interface LoadedDefinitions {
  agents: AgentCatalogue;
  teams: TeamFrontMatter[];
  /** Rules of teams and of `policies/`, and where those of agents stand. */
  policies: ProjectPolicies;
  skills: SkillLibrary;
  /** In the order of files and lines. */
  problems: BatutaError<'agent-file-invalid'>[];
}

/** Reads all agent and team files anew. Can be called again whenever files have changed. */
export async function loadDefinitions({
  folder,
  providers,
  toolsFor,
}: LoadDefinitions): Promise<LoadedDefinitions> {
  const [agentFiles, teamFiles, policyFiles, skills] = await Promise.all([
    folder.agentFiles(),
    folder.teamFiles(),
    folder.policyFiles(),
    loadSkills(folder),
  ]);
  const written = separate(agentFiles.map((file) => parseAgentFile(file)));
  const given = written.values.map((agent) => giveSkills(agent, skills));
  const agents = { values: given.map(({ agent }) => agent), problems: written.problems };
  // Agents that delegate to a broken file are told of the broken file only.
  const everyName = agentFiles.map(({ file }) => nameOfFile(file));
  const tools = toolsFor(makeAgentCatalogue(agents.values.map(recordOf)));
  const surroundings = { providers, toolNames: tools.names(), unknownTools: unknownTo(tools, everyName) };
  const crossProblems = [
    ...checkAgents(agents.values, surroundings),
    ...given.flatMap(({ problems }) => problems),
  ];
  const teams = separate(teamFiles.map((file) => parseTeamFile(file, everyName)));
  const policies = separate(policyFiles.map((file) => parsePolicyFile(file, everyName)));
  const ruleProblems = [
    ...teams.values.flatMap((each) =>
      checkRules({ ...each, rules: each.team.permissions, key: 'permissions' }, surroundings),
    ),
    ...policies.values.flatMap((each) =>
      checkRules({ ...each, rules: each.set.rules, key: 'rules' }, exactOnly(surroundings)),
    ),
  ];
  const broken = new Set(crossProblems.map(({ file }) => file));
  const sound = agents.values.filter(({ file }) => !broken.has(file));
  return {
    agents: makeAgentCatalogue(sound.map(recordOf)),
    teams: teams.values.map(({ team }) => team),
    policies: placePolicies({ agents: sound, teams: teams.values, policies: policies.values }),
    skills: makeSkillLibrary(folder, skills, skillsByAgent(given)),
    problems: inOrder([
      ...skills.problems.filter(({ file }) => !file.startsWith('.')),
      ...agents.problems,
      ...crossProblems,
      ...teams.problems,
      ...policies.problems,
      ...ruleProblems,
    ]),
  };
}

function skillsByAgent(given: readonly ReturnType<typeof giveSkills>[]): Map<string, Skill[]> {
  return new Map(given.map(({ agent, skills }) => [agent.definition.name, skills]));
}

function unknownTo(tools: ToolCatalogue, agents: readonly string[]): Surroundings['unknownTools'] {
  const known = new Set(agents.map((name) => `agent:${name}`));
  return (references) => tools.resolve(references).unknown.filter((reference) => !known.has(reference));
}

/** Policies are written for more than one project: a pattern may find nothing, a name may not. */
function exactOnly(surroundings: Surroundings): Surroundings {
  return {
    ...surroundings,
    unknownTools: (references) =>
      surroundings.unknownTools(references.filter((reference) => !reference.endsWith('*'))),
  };
}

function separate<T>(parsed: readonly Parsed<T>[]): { values: T[]; problems: FileProblem[] } {
  return {
    values: parsed.flatMap((result) => (result.ok ? [result.value] : [])),
    problems: parsed.flatMap((result) => (result.ok ? [] : result.problems)),
  };
}

function recordOf({ definition }: AgentFile): DefinitionRecord {
  return { hash: definitionHash(definition), definition };
}

function inOrder(problems: readonly FileProblem[]): BatutaError<'agent-file-invalid'>[] {
  return problems
    .toSorted((left, right) =>
      left.file === right.file ? left.line - right.line : left.file < right.file ? -1 : 1,
    )
    .map((problem) => new BatutaError('agent-file-invalid', problem));
}
