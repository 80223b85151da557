import { describe } from 'vitest';
import { describeSchedules } from './describe-schedules.ts';

describe('on PGlite', () => {
  describeSchedules({});
});
