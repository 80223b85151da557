import type { Application } from '../application.ts';
import type { ScheduleContext } from './schedule-context.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  previewSchedule,
  runSchedule,
} from './schedules.ts';

/** What doors can ask of schedules. */
export function scheduleUseCases(context: ScheduleContext): Application['schedules'] {
  return {
    create: (identity, body) => createSchedule(context, identity, body),
    get: (identity, id) => getSchedule(context, identity, id),
    list: (identity, page) => listSchedules(context, identity, page),
    change: (identity, id, body) => changeSchedule(context, identity, { id, body }),
    delete: (identity, id) => deleteSchedule(context, identity, id),
    run: (identity, id, idempotencyKey) => runSchedule(context, identity, { id, idempotencyKey }),
    preview: (asked) => previewSchedule(context, asked),
  };
}
