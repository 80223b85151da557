import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';

const word = z.string().min(1).max(1024);
const words = z.array(word).min(1).max(256);
const scalar = z.union([z.string().max(4096), z.number(), z.boolean(), z.null()]);

/**
 * What one argument must be for a rule to match; all parts that are given must hold. A list is matched item by item: an `allow`
 * needs all items, `ask` and `deny` any.
 */
export const ruleArgumentSchema = z
  .strictObject({
    /** Path patterns (`*` within a step, `**` over steps), compared with the real path, relative to `root`. */
    paths: words.optional(),
    /** Folder that `paths` and relative arguments start from; relative to the project folder, which is the default. */
    root: word.optional(),
    /** Host patterns: `example.com`, `*.example.com`, `host:port`, an address or network (`10.0.0.0/8`), `public`, `private`. */
    hosts: words.optional(),
    /** Commands as words: `git status`, `npm run *` (one word), `git log **` (all the rest). */
    commands: words.optional(),
    at_least: z.number().optional(),
    at_most: z.number().optional(),
    equals: scalar.optional(),
    one_of: z.array(scalar).min(1).max(256).optional(),
    /** A JSON Schema that the argument must satisfy. */
    schema: jsonObjectSchema.optional(),
  })
  .refine((matcher) => Object.keys(matcher).some((key) => key !== 'root'), 'must say what to match')
  .refine(
    ({ at_least: least, at_most: most }) => least === undefined || most === undefined || least <= most,
    'at_least must not be more than at_most',
  )
  .refine(({ root, paths }) => root === undefined || paths !== undefined, 'root needs paths');

/** What one argument must be for a rule to match. */
export type RuleArgument = z.infer<typeof ruleArgumentSchema>;
