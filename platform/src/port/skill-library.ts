/** A file of a skill besides its SKILL.md. */
export interface SkillFileEntry {
  /** Relative to the skill's folder, with `/`: `scripts/convert.py`. */
  path: string;
  bytes: number;
  /** SHA-256 of its content when it was loaded. */
  hash: string;
}

/** A skill as an agent loads it. */
export interface Skill {
  name: string;
  description: string;
  /** Its folder, relative to the project: `skills/report`. */
  folder: string;
  /** The text of its SKILL.md after the front matter. */
  body: string;
  /** Sorted by path. */
  files: readonly SkillFileEntry[];
  /** SHA-256 over all its files. */
  hash: string;
  /** Tools that it uses, as agent files write them. */
  allowedTools: readonly string[];
  license: string | null;
  compatibility: string | null;
}

/** The skills of a project. */
export interface SkillLibrary {
  /** What an agent may load, by name. */
  skillsOf(agent: string): readonly Skill[];
  /** Every skill that belongs to no agent alone, by name. */
  list(): readonly Skill[];
  /** A file of a skill as it was loaded; undefined when the skill has none of this path. Rejects with a reason for people. */
  readFile(skill: Skill, path: string): Promise<Uint8Array | undefined>;
}
