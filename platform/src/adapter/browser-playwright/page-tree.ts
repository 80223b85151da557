import { z } from 'zod';

/** A node of a page's tree as the browser gives it; texts between elements are strings. */
export interface TreeNode {
  role: string;
  name?: string | undefined;
  ref?: string | undefined;
  text?: string | undefined;
  url?: string | undefined;
  level?: number | undefined;
  cursor?: string | undefined;
  checked?: boolean | 'mixed' | undefined;
  disabled?: boolean | undefined;
  expanded?: boolean | undefined;
  selected?: boolean | undefined;
  pressed?: boolean | 'mixed' | undefined;
  active?: boolean | undefined;
  invalid?: boolean | string | undefined;
  placeholder?: string | undefined;
  children?: readonly (TreeNode | string)[] | undefined;
}

const threeWay = z
  .union([z.boolean(), z.literal('mixed')])
  .optional()
  .catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const text = z.string().optional().catch(undefined);

const nodeSchema: z.ZodType<TreeNode> = z.object({
  role: z.string(),
  name: text,
  ref: text,
  text,
  url: text,
  placeholder: text,
  level: z.number().optional().catch(undefined),
  cursor: text,
  checked: threeWay,
  pressed: threeWay,
  disabled: flag,
  expanded: flag,
  selected: flag,
  active: flag,
  invalid: z.union([z.boolean(), z.string()]).optional().catch(undefined),
  get children() {
    return z.array(z.union([nodeSchema, z.string()])).optional();
  },
});

/** Reads what the browser gave; a tree that is none is empty. */
export function readTree(given: unknown): readonly (TreeNode | string)[] {
  const parsed = z.array(z.union([nodeSchema, z.string()])).safeParse(Array.isArray(given) ? given : [given]);
  return parsed.success ? parsed.data : [];
}
