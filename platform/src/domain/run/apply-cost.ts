import type { Handlers } from './draft.ts';

type CostKind = 'cost-reserved' | 'cost-settled' | 'budget-alerted' | 'budget-reached';

const silent = () => undefined;

/** Money. A run has one open reservation at most: one model call at a time. */
export const costHandlers: Handlers<CostKind> = {
  'cost-reserved': ({ run }, { data }) => {
    if (!run) return;
    const { reservation_id: id, model, micros, charges } = data;
    run.reservation = { id, model, micros, charges };
  },
  'cost-settled': ({ run }, { data }) => {
    if (run?.reservation?.id === data.reservation_id) run.reservation = null;
  },
  'budget-alerted': silent,
  'budget-reached': silent,
};
