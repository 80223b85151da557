import { createHash } from 'node:crypto';
import { BatutaError, canonicalJson, type AgentSkill } from '@batuta/contract';
import type { FileProblem } from '../../domain/definition/definition-file.ts';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import type { AgentFile } from '../../domain/definition/parse-agent-file.ts';
import { toolsOfSkill } from '../../domain/skill/allowed-tools.ts';
import { parseSkillFile } from '../../domain/skill/parse-skill-file.ts';
import { skillSection } from '../../domain/skill/skill-section.ts';
import type { ProjectFolder, SkillFolder } from '../../port/project-folder.ts';
import type { Skill, SkillLibrary } from '../../port/skill-library.ts';

/** Tools that every agent with skills has. */
export const skillTools = ['load_skill', 'read_skill_file'];
const mostSkills = 64;

/** A skill and the agent to which alone it belongs. */
export interface PlacedSkill {
  skill: Skill;
  agent: string | null;
  /** Entries of its `allowed-tools` that are not taken over. */
  leftOut: readonly string[];
}

/** The skills of a project folder, and what is wrong with others. */
export interface LoadedSkills {
  /** Where several have one name, those that an agent does not see are left out for it. */
  skills: readonly PlacedSkill[];
  problems: FileProblem[];
}

/** Reads all skills anew. */
export async function loadSkills(folder: ProjectFolder): Promise<LoadedSkills> {
  const skills: PlacedSkill[] = [];
  const problems: FileProblem[] = [];
  for (const found of await folder.skillFolders()) {
    const parsed = parseSkillFile(found.main);
    if (parsed.ok) skills.push(placed(found, parsed.value));
    else problems.push(...parsed.problems);
  }
  return { skills, problems };
}

function placed(
  { folder, agent, mainHash, files }: SkillFolder,
  { frontMatter, body }: Extract<ReturnType<typeof parseSkillFile>, { ok: true }>['value'],
): PlacedSkill {
  const { name, description, license = null, compatibility = null } = frontMatter;
  const { tools, leftOut } = toolsOfSkill(frontMatter['allowed-tools'] ?? []);
  const counted = [mainHash, ...files.map(({ path, hash }) => [path, hash])];
  const hash = createHash('sha256').update(canonicalJson(counted)).digest('hex');
  const skill = { name, description, folder, body, files, hash, allowedTools: tools, license, compatibility };
  return { skill, agent, leftOut };
}

/** What an agent can name, by name: its own before those of the project, those of `skills/` before those of `.agents/skills/`. */
export function nameableBy(agent: string, { skills }: LoadedSkills): Map<string, Skill> {
  const own = skills.filter((each) => each.agent === agent);
  const shared = skills.filter((each) => each.agent === null);
  return new Map([...own, ...shared].toReversed().map(({ skill }) => [skill.name, skill]));
}

/** The agent with its skills in its definition: listed in its instructions, with the tools that load them. */
export function giveSkills(
  agent: AgentFile,
  loaded: LoadedSkills,
): { agent: AgentFile; skills: Skill[]; problems: FileProblem[] } {
  const { definition } = agent;
  const wanted = definition.skills ?? [];
  if (wanted.length === 0) return { agent, skills: [], problems: [] };
  const nameable = nameableBy(definition.name, loaded);
  const problems = wanted.flatMap((name, index) => problemOf(agent, { name, index, nameable, loaded }));
  const names = new Set(wanted.flatMap((name) => (name === '*' ? [...nameable.keys()] : [name])));
  const skills = [...names].toSorted().flatMap((name) => nameable.get(name) ?? []);
  if (skills.length > mostSkills) {
    const { file, lineOf } = agent;
    const reason = `the agent would have ${skills.length} skills; at most ${mostSkills} are listed to a model`;
    problems.push({ file, line: lineOf(['skills']), reason, hint: ' Name those that it needs.' });
  }
  if (skills.length === 0 || problems.length > 0) return { agent, skills: [], problems };
  const entries = skills.map(entryOf);
  const tools = [...definition.tools, ...skillTools.filter((name) => !definition.tools.includes(name))];
  const instructions = `${definition.instructions}\n\n${skillSection(entries)}`;
  return {
    agent: { ...agent, definition: { ...definition, tools, instructions, skill_entries: entries } },
    skills,
    problems,
  };
}

function entryOf({ name, description, folder, hash, allowedTools }: Skill): AgentSkill {
  return { name, description, file: `${folder}/SKILL.md`, hash, allowed_tools: [...allowedTools] };
}

function problemOf(
  { file, lineOf }: AgentFile,
  asked: { name: string; index: number; nameable: ReadonlyMap<string, Skill>; loaded: LoadedSkills },
): FileProblem[] {
  const { name, index, nameable, loaded } = asked;
  if (name === '*' || nameable.has(name)) return [];
  const broken = loaded.problems.find((problem) => problem.file.endsWith(`/${name}/SKILL.md`));
  const hint = broken
    ? ` ${broken.file}:${broken.line}: ${broken.reason}.`
    : hintFor(name, nameable.keys()) || ` Add it as skills/${name}/SKILL.md.`;
  return [{ file, line: lineOf(['skills', index]), reason: `there is no skill "${name}"`, hint }];
}

/** The skills as tools and doors ask for them. */
export function makeSkillLibrary(
  folder: ProjectFolder,
  { skills }: LoadedSkills,
  byAgent: ReadonlyMap<string, readonly Skill[]>,
): SkillLibrary {
  const shared = new Map(
    skills
      .filter(({ agent }) => agent === null)
      .toReversed()
      .map(({ skill }) => [skill.name, skill]),
  );
  const listed = [...shared.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return {
    skillsOf: (agent) => byAgent.get(agent) ?? [],
    list: () => listed,
    readFile: async (skill, path) => {
      const entry = skill.files.find((file) => file.path === path);
      if (entry === undefined) return undefined;
      const content = await folder.readSkillFile(skill.folder, path);
      if (createHash('sha256').update(content).digest('hex') === entry.hash) return content;
      throw new BatutaError('skill-file-changed', { file: `${skill.folder}/${path}` });
    },
  };
}
