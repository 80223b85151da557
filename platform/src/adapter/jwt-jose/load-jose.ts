/** The library jose. */
export type Jose = typeof import('jose');

/** Loads it with the first token: a platform on which only keys are used never needs it. */
export function loadJose(): Promise<Jose> {
  return import('jose');
}
