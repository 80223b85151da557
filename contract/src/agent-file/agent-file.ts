import { z } from 'zod';
import { fileBudgetSchema } from '../budget/budget.ts';
import { agentNameSchema } from '../id.ts';
import { modelTiers } from '../model-tier.ts';
import { agentSkillSchema, skillNameSchema } from '../skill/skill-file.ts';
import { secretNameSchema, secretReferenceSchema } from '../secret.ts';
import { policyRuleSchema } from '../policy/policy-rule.ts';

/** A model of an agent: `provider/model`, for example `anthropic/claude-sonnet-5-5`. */
export const modelReferenceSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/[^\s/][^\s]*$/, 'must be provider/model, such as anthropic/claude-sonnet-5-5');

const modelsSchema = z.union([modelReferenceSchema, z.array(modelReferenceSchema).min(1).max(8)]);

/** A tool of an agent: `name`, `agent:<name>`, `mcp:<server>/<tool>`, `openapi:<document>/<operation>`; `*` at the end matches all. */
export const toolReferenceSchema = z
  .string()
  .regex(
    /^(?:(?:agent|mcp|openapi):)?[A-Za-z_*][\w*./-]*$/,
    'must be a tool name, agent:<name>, mcp:<server>/<tool> or openapi:<document>/<operation>',
  );

/** The front matter of an agent file. Unknown keys are errors. */
export const agentFrontMatterSchema = z.strictObject({
  /** Name of the agent; the same as the file's. */
  name: agentNameSchema,
  /** What the agent is for, in one sentence: other agents and people choose by it. */
  description: z.string().min(1).max(1024),
  /** Models in order of preference; the next one is used when one fails. Or `auto`, or the name of a tier. Absent: the models that the platform found. */
  model: z.union([modelsSchema, z.enum(['auto', ...modelTiers])]).optional(),
  /** The models of each tier, for `model: auto` (the question decides) or a tier's name. Absent: those of the project. */
  tiers: z
    .strictObject({
      fast: modelsSchema.optional(),
      balanced: modelsSchema.optional(),
      deep: modelsSchema.optional(),
    })
    .optional(),
  /** Answers that are kept for the next time that the same is asked. Absent: every question is put to a model. */
  cache: z
    .strictObject({
      /** How long an answer is kept; longer where money is tight. */
      minutes: z.number().min(1).max(43_200).default(60),
      /** Also for questions that mean the same: how alike they must be, 1 for the same. Needs `cache.embedding_model`. */
      semantic: z.number().min(0.8).max(1).optional(),
    })
    .optional(),
  /** Tools that the agent may use. */
  tools: z.array(toolReferenceSchema).max(128).default([]),
  /** Skills that the agent may load, by name; `*` for all of the project and its own. */
  skills: z
    .array(z.union([z.literal('*'), skillNameSchema]))
    .max(64)
    .optional(),
  /** Rules about its tools; of all rules that match a call the most restrictive one wins: `deny`, then `ask`, then `allow`. */
  permissions: z.array(policyRuleSchema).max(256).default([]),
  /** Limits in US dollars. */
  budget: fileBudgetSchema.optional(),
  memory: z
    .strictObject({
      recall: z.enum(['auto', 'off']).default('auto'),
      remember: z.enum(['auto', 'off']).default('auto'),
    })
    .optional(),
  /** Which stored secrets its tools get, by the names under which they ask for them: `api_key: secret://weather-key`. */
  secrets: z.record(secretNameSchema, secretReferenceSchema).optional(),
  limits: z
    .strictObject({
      /** Model calls of one run. */
      turns: z.int().min(1).max(1000).default(40),
      /** Minutes that a run may work; time spent waiting does not count against it. */
      minutes: z.number().min(0.01).max(1440).default(10),
      /** Tool calls that run at the same time. */
      parallel_tools: z.int().min(1).max(64).default(8),
    })
    .prefault({}),
  /** Settings passed to the model. */
  settings: z
    .strictObject({
      temperature: z.number().min(0).max(2).optional(),
      max_output_tokens: z.int().min(1).max(1_000_000).optional(),
    })
    .prefault({}),
});

/** Front matter with its defaults filled in. */
export type AgentFrontMatter = z.infer<typeof agentFrontMatterSchema>;

/** An agent as a run uses it: checked front matter and instructions. Kept with the run under the hash of this object. */
export const agentDefinitionSchema = agentFrontMatterSchema.extend({
  /** What the model is told, with the list of its skills. */
  instructions: z.string(),
  /** The skills that `skills` names, as they were when the definition was loaded. */
  skill_entries: z.array(agentSkillSchema).optional(),
});
/** An agent as a run starts with it: its settings and its instructions. */
export type AgentDefinition = z.infer<typeof agentDefinitionSchema>;
