import type { PlacedRule } from '../policy/compile-rule.ts';
import type { ProjectPolicies } from '../policy/project-policies.ts';
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
    sets: files.policies.map(({ file, set, lineOf }) => ({
      file,
      agents: set.agents,
      taint: set.taint,
      rules: set.rules.map((rule, index) => ({
        rule,
        source: 'project',
        file,
        line: lineOf(['rules', index]),
      })),
    })),
    ofTeams: rulesOfTeams(files.teams),
    placesOfAgents: new Map(
      files.agents.map(({ file, definition, lineOf }) => [
        definitionHash(definition),
        { file, lines: definition.permissions.map((_, index) => lineOf(['permissions', index])) },
      ]),
    ),
  };
}

function rulesOfTeams(teams: readonly TeamFile[]): Map<string, PlacedRule[]> {
  const ofAgents = new Map<string, PlacedRule[]>();
  for (const { file, team, lineOf } of teams) {
    const rules = team.permissions.map((rule, index): PlacedRule => ({
      rule,
      source: 'team',
      file,
      line: lineOf(['permissions', index]),
    }));
    for (const agent of team.agents) ofAgents.set(agent, [...(ofAgents.get(agent) ?? []), ...rules]);
  }
  return ofAgents;
}
