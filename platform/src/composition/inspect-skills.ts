import { giveSkills, loadSkills, type LoadedSkills } from '../application/definition/load-skills.ts';
import { parseAgentFile, type AgentFile } from '../domain/definition/parse-agent-file.ts';
import type { ProjectOptions, SkillReport } from '../platform.ts';
import { openProject } from './open-project.ts';

/** The skills of a project, and what is wrong with them. Nothing is started, and no agent needs to be sound. */
export async function inspectSkills(options: ProjectOptions): Promise<SkillReport[]> {
  const { folder } = await openProject(options);
  const [loaded, agentFiles] = await Promise.all([loadSkills(folder), folder.agentFiles()]);
  const agents = agentFiles.flatMap((file) => {
    const parsed = parseAgentFile(file);
    return parsed.ok ? [parsed.value] : [];
  });
  return [...soundOnes(loaded, agents), ...brokenOnes(loaded)].toSorted((one, other) =>
    one.file < other.file ? -1 : 1,
  );
}

function soundOnes(loaded: LoadedSkills, agents: readonly AgentFile[]): SkillReport[] {
  const given = agents.map((agent) => ({
    agent: agent.definition.name,
    skills: giveSkills(agent, loaded).skills,
  }));
  return loaded.skills.map(({ skill, leftOut }) => ({
    file: `${skill.folder}/SKILL.md`,
    skill: {
      name: skill.name,
      description: skill.description,
      files: skill.files.length,
      agents: given.filter(({ skills }) => skills.includes(skill)).map(({ agent }) => agent),
      allowed_tools: [...skill.allowedTools],
      left_out: [...leftOut],
    },
    problems: [],
  }));
}

function brokenOnes({ problems }: LoadedSkills): SkillReport[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return files.map((file) => ({
    file,
    skill: null,
    problems: problems
      .filter((problem) => problem.file === file)
      .map(({ line, reason, hint }) => ({ line, reason, hint })),
  }));
}
