import type { ProjectPolicies, ProjectPolicySet } from '../policy/project-policies.ts';
import { definitionHash } from './definition-hash.ts';
import type { AgentFile } from './parse-agent-file.ts';
import type { PolicyFile } from './parse-policy-file.ts';
import type { TeamFile } from './parse-team-file.ts';

/** Puts the rules of a project together, each with its file and line. */
export function placePolicies(files: {
  agents: readonly AgentFile[];
  teams: readonly TeamFile[];
  policies: readonly PolicyFile[];
}): ProjectPolicies {
  return {
    sets: [...files.policies.map(setOfFile), ...files.teams.map(setOfTeam)],
    placesOfAgents: new Map(
      files.agents.map(({ file, definition, lineOf }) => [
        definitionHash(definition),
        { file, lines: definition.permissions.map((_, index) => lineOf(['permissions', index])) },
      ]),
    ),
  };
}

function setOfFile({ file, set, lineOf }: PolicyFile): ProjectPolicySet {
  const rules = set.rules.map((rule, index) => ({
    rule,
    source: 'project' as const,
    file,
    line: lineOf(['rules', index]),
  }));
  return { agents: set.agents, taint: set.taint, rules };
}

function setOfTeam({ file, team, lineOf }: TeamFile): ProjectPolicySet {
  const rules = team.permissions.map((rule, index) => ({
    rule,
    source: 'team' as const,
    file,
    line: lineOf(['permissions', index]),
  }));
  return { agents: team.agents, taint: undefined, rules };
}
