/**
 * Named points that the engine passes. In production the probe does nothing; tests wait for a point instead of sleeping,
 * and crash tests kill the process at one.
 */
export const probePoints = [
  'accept-before',
  'accept-after',
  'claim-after',
  'commit-before',
  'commit-after',
  'model-call-before',
  'model-call-first-token',
  'model-call-after',
  'tool-before',
  'tool-after',
  'run-released',
  'run-ended',
  'schedule-fired',
] as const;

/** Name of a point. */
export type ProbePoint = (typeof probePoints)[number];

/** What is known at a point. */
export interface ProbeDetail {
  runId: string;
  /** Tool or model, where there is one. */
  name?: string;
  /** Kinds of the events of a commit. */
  events?: readonly string[];
}

/** Contract: in production returns undefined at once. In tests it may return a promise, which the engine awaits. */
export interface Probe {
  reach(point: ProbePoint, detail: ProbeDetail): Promise<void> | undefined;
}
