import { z } from 'zod';

const tokens = z.int().nonnegative();

/**
 * Tokens of one or more model calls, the same for every provider. `input_tokens` counts all input, cached or not;
 * `cached_input_tokens` is the part of it read from the provider's cache and `cache_write_tokens` the part written to it.
 * `output_tokens` counts all output; `reasoning_tokens` is the part of it that the model thought with.
 */
export const usageSchema = z.strictObject({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_tokens: tokens,
  output_tokens: tokens,
  reasoning_tokens: tokens,
});

/** Tokens of one or more model calls. */
export type Usage = z.infer<typeof usageSchema>;

/** No tokens at all: the start of a sum. */
export const noUsage: Usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};
