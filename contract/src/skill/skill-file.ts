import { z } from 'zod';

/** The name of a skill, and of its folder. */
export const skillNameSchema = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    'must be lower-case letters, digits and single hyphens between them, such as "meeting-notes"',
  );

/** Splits at spaces and commas, but not inside of brackets: `Bash(git add:*) Read`. */
function splitTools(text: string): string[] {
  return text.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? [];
}

/**
 * The front matter of a SKILL.md, as the ecosystem of Agent Skills defines it. Keys that it does not define are kept: other programs
 * have their own.
 */
export const skillFrontMatterSchema = z.looseObject({
  name: skillNameSchema,
  /** What the skill does and when to use it: models choose by it. */
  description: z.string().trim().min(1).max(1024),
  license: z.string().max(500).optional(),
  /** What it needs: programs, network, a product. */
  compatibility: z.string().min(1).max(500).optional(),
  metadata: z.record(z.string().max(128), z.string().max(2_000)).optional(),
  /** Tools that it uses, as a text or a list. */
  'allowed-tools': z
    .union([z.string().max(2_000).transform(splitTools), z.array(z.string().min(1).max(200)).max(64)])
    .optional(),
});
/** The front matter of a SKILL.md. */
export type SkillFrontMatter = z.infer<typeof skillFrontMatterSchema>;

/** A skill of an agent, as its definition holds it: everything that a run could find in it counts, by its hash. */
export const agentSkillSchema = z.strictObject({
  name: skillNameSchema,
  description: z.string(),
  /** Its SKILL.md, relative to the project folder. */
  file: z.string(),
  /** SHA-256 over all its files. */
  hash: z.string(),
  /** Tools that need no question because this skill uses them, as agent files write them: only where no rule says otherwise. */
  allowed_tools: z.array(z.string()),
});
/** A skill of an agent. */
export type AgentSkill = z.infer<typeof agentSkillSchema>;
