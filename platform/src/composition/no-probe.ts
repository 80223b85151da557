import type { Probe } from '../port/probe.ts';

/** The probe of production: nothing happens at any point. */
export const noProbe: Probe = { reach: () => undefined };
