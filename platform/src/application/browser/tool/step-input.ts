import { z } from 'zod';

const readingActions = [
  'click',
  'type',
  'select',
  'check',
  'uncheck',
  'press',
  'hover',
  'scroll',
  'wait',
  'back',
  'reload',
] as const;

const fields = {
  ref: z.string().max(20).optional().describe('Reference of the element, such as kd7.'),
  text: z
    .string()
    .max(4000)
    .optional()
    .describe(
      'What to type; the option to select (several on lines of their own); the key to press (Enter, Escape, Control+a); the text to wait for; "up" to scroll up.',
    ),
  enter: z.boolean().optional().describe('Press Enter after typing.'),
};

const need = {
  error:
    'lacks what it needs: click, type, select, check, uncheck, hover, upload need ref; type, select, press, wait need text',
};

/** Steps that read. */
export const readingSteps = z
  .array(z.strictObject({ action: z.enum(readingActions), ...fields }).refine(hasWhatItNeeds, need))
  .min(1)
  .max(12)
  .describe('What to do, in order. It ends with the first step that cannot be done.');

/** Steps that may send. */
export const sendingSteps = z
  .array(
    z
      .strictObject({
        action: z.enum([...readingActions, 'upload']),
        ...fields,
        element: z
          .string()
          .max(200)
          .optional()
          .describe(
            'What the element is called on the page, such as "Pay now": whoever allows this reads it, and it must be right.',
          ),
        artifact: z.string().max(64).optional().describe('Id of the file to upload.'),
        file_name: z.string().max(200).optional().describe('Name that the uploaded file has.'),
      })
      .refine(hasWhatItNeeds, need)
      .refine(({ action, artifact }) => action !== 'upload' || artifact !== undefined, {
        error: 'upload needs artifact',
      })
      .refine(({ ref, element }) => ref === undefined || element !== undefined, {
        error: 'needs element: what the element with this ref is called',
      }),
  )
  .min(1)
  .max(12)
  .describe('What to do, in order. It ends with the first step that cannot be done.');

function hasWhatItNeeds({
  action,
  ref,
  text,
}: {
  action: string;
  ref?: string | undefined;
  text?: string | undefined;
}): boolean {
  const needsRef = ['click', 'type', 'select', 'check', 'uncheck', 'hover', 'upload'].includes(action);
  const needsText = ['type', 'select', 'press', 'wait'].includes(action);
  return (!needsRef || ref !== undefined) && (!needsText || text !== undefined);
}
