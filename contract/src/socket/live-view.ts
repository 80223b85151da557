import { z } from 'zod';

/**
 * The WebSocket `GET /v1/sessions/{id}/browser/live`. Binary frames of the server are pictures (JPEG) of the page that is in front; a client that is
 * behind misses some. Positions of a client are shares of the picture, from 0 to 1.
 */

const share = z.number().min(0).max(1);
const keys = z
  .array(z.enum(['Alt', 'Control', 'Meta', 'Shift']))
  .max(4)
  .default([]);

/** What a person who has control does. */
export const personInputSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('mouse'),
    action: z.enum(['move', 'down', 'up']),
    x: share,
    y: share,
    button: z.enum(['left', 'middle', 'right']).default('left'),
    clicks: z.int().min(1).max(3).default(1),
  }),
  z.strictObject({
    type: z.literal('wheel'),
    x: share,
    y: share,
    delta_x: z.number().min(-5_000).max(5_000),
    delta_y: z.number().min(-5_000).max(5_000),
  }),
  /** One key with those that are held, by the names of KeyboardEvent.key. */
  z.strictObject({ type: z.literal('key'), key: z.string().min(1).max(32), held: keys }),
  /** Text that is put in as a whole. */
  z.strictObject({ type: z.literal('text'), text: z.string().min(1).max(4_000) }),
  /** Puts another page of the window in front. */
  z.strictObject({ type: z.literal('page'), page: z.int().min(1).max(10_000) }),
]);

/** What a person who has control does. */
export type PersonInput = z.output<typeof personInputSchema>;

/** What a client sends: it asks for control, gives it back, or acts. */
export const liveRequestSchema = z.union([
  z.strictObject({ type: z.literal('take_over') }),
  z.strictObject({ type: z.literal('give_back') }),
  personInputSchema,
]);

const pageSchema = z.strictObject({
  page: z.int(),
  url: z.string(),
  title: z.string(),
  is_current: z.boolean(),
});

/** How things stand; sent at once and after each change. */
export const liveStateSchema = z.strictObject({
  type: z.literal('state'),
  control: z.strictObject({
    state: z.enum(['agent-acts', 'person-waits', 'person-acts', 'person-away']),
    /** Who has control or waits for it; null: the agent has it. */
    person: z.string().nullable(),
    is_you: z.boolean(),
    /** Why it went back to the agent last; null: nobody had it yet. */
    returned: z.string().nullable(),
  }),
  may_take_over: z.boolean(),
  /** Null: the session has no open window. */
  window: z.strictObject({ width: z.int(), height: z.int(), pages: z.array(pageSchema) }).nullable(),
});

/** How things stand. */
export type LiveState = z.infer<typeof liveStateSchema>;
